using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Asks the placer with what is known of the nodes.</summary>
internal static class StackPlacing
{
    /// <param name="project">What is to run.</param>
    /// <param name="kept">Where replicas were to be: of nodes that do not answer it is all that is known.</param>
    /// <param name="nodes">All of the environment.</param>
    /// <param name="situations">What is on those that answered.</param>
    /// <param name="isLost">Whether a node is lost.</param>
    public static PlacementResult Place(
        ComposeProject project, StackPlacement kept, IEnumerable<NodeState> nodes, IReadOnlyDictionary<Guid, NodeSituation> situations,
        Func<NodeState, bool> isLost)
    {
        var known = nodes.Select(node => NodeOf(node, situations.GetValueOrDefault(node.Id), project.Name, isLost(node))).ToArray();
        return Placer.Place(project, known, Present(project.Name, kept, situations));
    }

    /// <summary>What is there counts; what was to be there and is nowhere keeps the place that was chosen for it.</summary>
    internal static StackPlacement Present(string project, StackPlacement kept, IReadOnlyDictionary<Guid, NodeSituation> situations)
    {
        var seen = situations
            .SelectMany(node => node.Value.Of(project).Select(container => container.ForPlan())
                .Where(container => !container.IsOneOff && container.Number < int.MaxValue)
                .Select(container => new PlacedReplica(container.Service, container.Number, node.Key)))
            .Distinct().ToList();

        // Of one that is there twice the one that was to be there is meant.
        seen.RemoveAll(replica => kept.Of(replica.Service, replica.Number) is { } node && node != replica.Node
            && seen.Contains(replica with { Node = node }));
        var there = seen.Select(replica => (replica.Service, replica.Number)).ToHashSet();
        return new StackPlacement([.. seen, .. kept.Replicas.Where(replica => !there.Contains((replica.Service, replica.Number)))]);
    }

    private static PlacementNode NodeOf(NodeState node, NodeSituation? situation, string project, bool isLost)
    {
        var others = situation?.Containers.Where(container => container.Project != project).ToArray() ?? [];
        return new PlacementNode(node.Id, node.Name, node.Labels)
        {
            TakesNew = node.TakesPlacements,
            IsLost = isLost,
            Load = others.Count(container => container.IsRunning),
            Volumes = situation?.Volumes.Keys.ToHashSet() ?? [],
            HeldPorts = others.SelectMany(container => container.Ports.Select(port => (port, container.Name)))
                .DistinctBy(held => held.port).ToDictionary(held => held.port, held => held.Name),
        };
    }
}
