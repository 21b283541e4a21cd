using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Registries.V1;
using Portal.Data;

namespace Portal.Web.Features.Registries.Storage;

/// <remarks>Singleton. Reads the database each time: a login that was changed or removed on one portal is so on all.</remarks>
internal sealed class StoredRegistryCredentials(IDbContextFactory<PortalDbContext> contexts, RegistrySecrets secrets) : IRegistryCredentials
{
    public Task<RegistryCredentials?> FindAsync(string image, CancellationToken cancellationToken) =>
        FindByHostAsync(RegistryHost.OfImage(image), cancellationToken);

    public async Task<RegistryCredentials?> FindAsync(string image, Guid nodeId, CancellationToken cancellationToken)
    {
        var host = RegistryHost.OfImage(image);
        var login = await FindByHostAsync(host, cancellationToken);
        if (login is not null)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await context.Database.ExecuteSqlAsync(
                $"""
                insert into registry_uses (registry_id, node_id)
                select registries.id, nodes.id from registries, nodes where registries.host = {host} and nodes.id = {nodeId}
                on conflict do nothing
                """,
                cancellationToken);
        }

        return login;
    }

    public async Task<(Guid NodeId, RegistryCredentials? Login)> FindKnownAsync(
        string host, IReadOnlyList<Guid> nodeIds, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.RegistryUses
            .Where(use => nodeIds.Contains(use.NodeId))
            .Join(context.Registries, use => use.RegistryId, registry => registry.Id, (use, registry) => new { use.NodeId, registry.Host })
            .Where(use => use.Host == host)
            .Select(use => (Guid?)use.NodeId)
            .FirstOrDefaultAsync(cancellationToken);
        return known is { } nodeId
            ? (nodeId, await FindByHostAsync(host, cancellationToken))
            : (nodeIds[Random.Shared.Next(nodeIds.Count)], null);
    }

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
