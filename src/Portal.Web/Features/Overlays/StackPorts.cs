using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Networks.V1;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Overlays;

/// <summary>Where stacks over nodes answer.</summary>
/// <remarks>Singleton; any thread. Whoever asks has checked that the stack may be seen.</remarks>
internal sealed class StackPorts(IDbContextFactory<PortalDbContext> contexts, IFleet fleet)
{
    /// <summary>The ports at which every node answers for a stack, as the nodes told last.</summary>
    public async Task<IReadOnlyList<StackPortLine>> ListAsync(Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var networks = await database.OverlayNetworks.AsNoTracking()
            .Where(row => row.StackId == stackId && row.Ports != "" && !row.IsRemoving).ToListAsync(cancellationToken);
        var lines = new List<StackPortLine>();
        foreach (var network in networks)
        {
            var members = await database.OverlayMembers.AsNoTracking().Where(row => row.NetworkId == network.Id)
                .ToListAsync(cancellationToken);
            lines.AddRange(OverlayPorts.Of(network).Select(port => LineOf(port, members)));
        }

        return [.. lines.OrderBy(line => OverlayPorts.Parse(line.Port).Port).ThenBy(line => line.Port, StringComparer.Ordinal)];
    }

    private StackPortLine LineOf(string port, List<OverlayMember> members)
    {
        var nodes = fleet.Current.Nodes;
        var replicas = members
            .SelectMany(member => OverlayTables.Read(member).Select(row => (
                Row: row, IsOnline: nodes.GetValueOrDefault(member.NodeId)?.Presence == NodePresence.Online)))
            .Where(replica => replica.Row.Targets?.Any(target => target.Port == port) == true).ToArray();
        return new StackPortLine(
            port,
            replicas.Count(replica => replica.IsOnline && replica.Row.State == IngressState.Ready),
            replicas.Length,
            [.. members.Where(member => nodes.ContainsKey(member.NodeId)).Select(member => NodeOf(port, member, nodes[member.NodeId]))
                .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private static StackPortNode NodeOf(string port, OverlayMember member, NodeState node) => new(
        node.Id,
        node.Name,
        member.NodeAddress.Length > 0 ? $"{member.NodeAddress}:{port.Split('/')[0]}" : "",
        node.Presence == NodePresence.Online,
        member.IngressProblem.Contains($"Port {port}:", StringComparison.Ordinal) ? member.IngressProblem : "");
}
