using Portal.Contracts.Hubs;
using Portal.Web.Components.Shared;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Dashboard;

/// <summary>The figures of the dashboard.</summary>
internal sealed record FleetSummary
{
    public int NodesOnline { get; private init; }

    public int Containers { get; private init; }

    public int Running { get; private init; }

    public int Cpus { get; private init; }

    /// <summary>Share of all processors of the nodes that are online; null when none is.</summary>
    public double? CpuShare { get; private init; }

    public double MemoryUsed { get; private init; }

    public double MemoryTotal { get; private init; }

    /// <summary>How many containers are in each state, the most common first.</summary>
    public IReadOnlyList<StateCount> States { get; private init; } = [];

    /// <summary>Containers that failed, the latest first.</summary>
    public IReadOnlyList<(NodeState Node, ContainerView Container)> Troubled { get; private init; } = [];

    public static FleetSummary Of(IReadOnlyList<NodeState> nodes)
    {
        var tallies = nodes.Select(node => (Node: node, Tally: NodeTally.Of(node))).ToList();
        var sampled = nodes.Where(node => node.Sample is not null).ToList();
        var cpus = sampled.Sum(node => node.Facts?.Cpus ?? 0);
        return new FleetSummary
        {
            NodesOnline = nodes.Count(node => node.Presence == NodePresence.Online),
            Containers = tallies.Sum(entry => entry.Tally.Containers),
            Running = tallies.Sum(entry => entry.Tally.Running),
            Cpus = cpus,
            CpuShare = cpus == 0 ? null : sampled.Sum(node => node.Sample!.CpuShare * (node.Facts?.Cpus ?? 0)) / cpus,
            MemoryUsed = sampled.Sum(node => (double)node.Sample!.MemoryUsedBytes),
            MemoryTotal = sampled.Sum(node => (double)node.Sample!.MemoryTotalBytes),
            States = [.. tallies
                .SelectMany(entry => entry.Tally.States)
                .GroupBy(state => (state.State, state.Tone))
                .Select(group => new StateCount(
                    group.Key.Tone == StatusTone.Bad ? T("failed") : ContainerTone.OfState(group.Key.State),
                    group.Key.Tone,
                    group.Sum(state => state.Count)))
                .GroupBy(state => (state.Name, state.Tone), (key, group) =>
                    new StateCount(key.Name, key.Tone, group.Sum(state => state.Count)))
                .OrderByDescending(state => state.Count)],
            Troubled = [.. tallies
                .SelectMany(entry => entry.Tally.Troubled, (entry, container) => (entry.Node, Container: container))
                .OrderByDescending(entry => entry.Container.FinishedAt)
                .Take(NodeTally.MostTroubled)],
        };
    }

    internal sealed record StateCount(string Name, StatusTone Tone, int Count);
}
