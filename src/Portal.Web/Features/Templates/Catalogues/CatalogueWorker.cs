using Npgsql;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>Reads catalogues again, in one portal of all that share the database.</summary>
internal sealed class CatalogueWorker(
    NpgsqlDataSource database, CatalogueDirectory directory, TimeProvider time, ILogger<CatalogueWorker> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromMinutes(1), time, logger)
{
    // "catalogs" in ASCII.
    private const long LockKey = 0x636174616C6F6773;

    protected override string Name => "reading catalogues of templates";

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => directory.ReadDueAsync(cancellationToken);
}
