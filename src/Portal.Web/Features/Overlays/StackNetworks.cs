using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;

namespace Portal.Web.Features.Overlays;

/// <summary>The overlay networks that belong to stacks. Deployments make and remove them, in the portal's own name: who deploys may.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackNetworks(
    IDbContextFactory<PortalDbContext> contexts, OverlayMaker maker, OverlaySignal signal) : IStackNetworks
{
    public async Task<SpreadNetworks> FindAsync(Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var environment = await database.Stacks.Where(row => row.Id == stackId).Select(row => row.EnvironmentId)
            .SingleOrDefaultAsync(cancellationToken);
        var rows = await database.OverlayNetworks.AsNoTracking()
            .Select(row => new { row.Name, row.StackId, row.EnvironmentId, row.IsRemoving, row.Ports }).ToListAsync(cancellationToken);
        return new SpreadNetworks(
            [.. rows.Where(row => row.StackId == stackId && !row.IsRemoving).Select(row => row.Name)],
            [.. rows.Where(row => row.StackId != stackId && OverlayMaker.IsBeside(row.EnvironmentId, environment))
                .Select(row => row.Name)])
        {
            Ports = rows.Where(row => row.StackId == stackId).ToDictionary(row => row.Name, row => OverlayPorts.Read(row.Ports)),
            Held = rows.Where(row => row.StackId != stackId && OverlayMaker.IsBeside(row.EnvironmentId, environment))
                .SelectMany(row => OverlayPorts.Read(row.Ports).Select(port => (port, row.Name)))
                .DistinctBy(held => held.port).ToDictionary(held => held.port, held => held.Name),
        };
    }

    public async Task PublishAsync(
        Guid stackId, string name, IReadOnlyCollection<string> ports, bool areAll, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // Two stacks that ask for one port at the same moment come one after the other.
        await database.Database.ExecuteSqlAsync($"lock table overlay_networks in share row exclusive mode", cancellationToken);
        var rows = await database.OverlayNetworks.ToListAsync(cancellationToken);
        if (rows.Find(row => row.StackId == stackId && row.Name == name) is not { } own)
        {
            return;
        }

        foreach (var other in rows.Where(row => row != own && OverlayMaker.IsBeside(row.EnvironmentId, own.EnvironmentId)))
        {
            if (OverlayPorts.Of(other).FirstOrDefault(ports.Contains) is { } port)
            {
                throw new DeploymentRefusedException(E("Every node answers at port {0:name} for the network '{1:name}' already.", port, other.Name));
            }
        }

        own.Ports = OverlayPorts.Write(areAll ? ports : ports.Concat(OverlayPorts.Of(own)));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
    }

    public async Task CreateAsync(StackNetwork network, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);

        // One that was about to go is wanted again.
        if (await database.OverlayNetworks.Where(row => row.StackId == network.StackId && row.Name == network.Name)
            .ExecuteUpdateAsync(change => change.SetProperty(row => row.IsRemoving, false), cancellationToken) == 0)
        {
            try
            {
                await maker.CreateAsync(
                    database, new OverlayDraft(network.Name, network.EnvironmentId, network.Subnet, network.IsInternal), network.AuthorName,
                    network.StackId, cancellationToken);
            }
            catch (OverlayException failure)
            {
                throw new DeploymentRefusedException(failure.Message);
            }
        }

        signal.Set();
    }

    public async Task RemoveAsync(Guid stackId, string name, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.OverlayNetworks.Where(row => row.StackId == stackId && row.Name == name)
            .ExecuteUpdateAsync(change => change.SetProperty(row => row.IsRemoving, true), cancellationToken);
        signal.Set();
    }

    public async Task<string> ProblemAsync(Guid stackId, string name, Guid node, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from network in database.OverlayNetworks
            join member in database.OverlayMembers on network.Id equals member.NetworkId
            where network.StackId == stackId && network.Name == name && member.NodeId == node
            select member.Problem).SingleOrDefaultAsync(cancellationToken) ?? "";
    }
}
