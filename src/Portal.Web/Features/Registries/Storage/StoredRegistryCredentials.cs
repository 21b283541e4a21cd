using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Registries.V1;
using Portal.Data;

namespace Portal.Web.Features.Registries.Storage;

/// <remarks>Singleton. Reads the database each time: a login that was changed or removed on one portal is so on all.</remarks>
internal sealed class StoredRegistryCredentials(IDbContextFactory<PortalDbContext> contexts, RegistrySecrets secrets) : IRegistryCredentials
{
    public Task<RegistryCredentials?> FindAsync(string image, CancellationToken cancellationToken) =>
        FindByHostAsync(RegistryHost.OfImage(image), cancellationToken);

    public async Task<RegistryCredentials?> FindByHostAsync(string host, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var secret = await context.Registries
            .Where(registry => registry.Host == host)
            .Select(registry => registry.Secret)
            .SingleOrDefaultAsync(cancellationToken);
        return secret is null ? null : secrets.Unprotect(host, secret);
    }
}
