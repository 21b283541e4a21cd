using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Portal.Contracts.Hubs;
using Portal.Web.Components.Shared;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Dashboard;

/// <summary>
/// What the containers of one node add to the dashboard. Kept for as long as they are as they are: each open dashboard adds the nodes up
/// ten times a second, and hardly any of them has other containers than the last time.
/// </summary>
/// <remarks>Any thread; nothing in it is in a language.</remarks>
internal sealed record NodeTally
{
    /// <summary>Containers that the dashboard names at most.</summary>
    public const int MostTroubled = 8;

    private static readonly ConditionalWeakTable<ImmutableDictionary<string, ContainerView>, NodeTally> s_known = [];

    public int Containers { get; private init; }

    public int Running { get; private init; }

    public IReadOnlyList<(string State, StatusTone Tone, int Count)> States { get; private init; } = [];

    /// <summary>Those that failed or start over and over, the latest first.</summary>
    public IReadOnlyList<ContainerView> Troubled { get; private init; } = [];

    public static NodeTally Of(NodeState node) => s_known.GetValue(node.Containers, Count);

    private static NodeTally Count(ImmutableDictionary<string, ContainerView> byId)
    {
        var containers = byId.Values.ToList();
        return new NodeTally
        {
            Containers = containers.Count,
            Running = containers.Count(container => container.State == "running"),
            States = [.. containers.CountBy(container => (container.State, Tone: ContainerTone.Of(container)))
                .Select(state => (state.Key.State, state.Key.Tone, state.Value))],
            Troubled = [.. containers
                .Where(container => ContainerTone.IsFailure(container) || container.State == "restarting")
                .OrderByDescending(container => container.FinishedAt)
                .Take(MostTroubled)],
        };
    }
}
