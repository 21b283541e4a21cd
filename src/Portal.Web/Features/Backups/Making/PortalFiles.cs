using Microsoft.Extensions.Options;
using Portal.Data.Backups;
using Portal.Web.Configuration;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Backups.Making;

/// <summary>The portal's own files that belong into a backup: its key, and what agents have pinned.</summary>
/// <remarks>Files that somebody named are for that person to keep.</remarks>
internal sealed class PortalFiles(IOptions<PortalOptions> options, PortalTlsOptions tls)
{
    public const string Key = "secrets.key";

    public IReadOnlyList<BackupFile> All => Of(options.Value, tls);

    public static IReadOnlyList<BackupFile> Of(PortalOptions options, PortalTlsOptions tls) =>
    [
        new(Key, options.KeyFile ?? Path.Combine(options.Data, "portal", "secrets.key")),
        new("portal.pem", Path.Combine(tls.Folder, "portal.pem")),
    ];
}
