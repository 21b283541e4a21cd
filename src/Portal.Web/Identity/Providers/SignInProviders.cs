using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Access;

namespace Portal.Web.Identity.Providers;

/// <summary>The providers that people may sign in by: read for each use, so that a change on one portal holds on all at once.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignInProviders(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>What the sign-in page offers, by name.</summary>
    public async Task<IReadOnlyList<ProviderOffer>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.SignInProviders.AsNoTracking().Where(provider => provider.Enabled).OrderBy(provider => provider.Name)
            .Select(provider => new ProviderOffer(provider.Id, provider.Name)).ToListAsync(cancellationToken);
    }

    /// <summary>One that is offered; null when there is none, or none any more.</summary>
    public async Task<SignInProvider?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.SignInProviders.AsNoTracking()
            .SingleOrDefaultAsync(provider => provider.Id == id && provider.Enabled, cancellationToken);
    }
}
