using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Whether a stack over several nodes is where it should be, by the fleet's picture alone. Pure.</summary>
internal static class SpreadLook
{
    private const int MostTold = 5;

    /// <summary>Why its replicas are to be placed anew, in words for people; empty when they need not be.</summary>
    /// <remarks>
    /// A container that somebody removed is no reason: that is drift, which people mend. What counts is where replicas were to be.
    /// </remarks>
    public static string WhyPlace(Stack stack, ComposeProject project, FleetState fleet, Func<NodeState, bool> isLost)
    {
        var nodes = RunningStacks.NodesOf(stack, fleet).ToArray();
        var kept = StackPlacement.FromJson(stack.Placement);
        var placed = Placer.Place(project, [.. nodes.Select(node => NodeOf(node, stack.Name, isLost(node)))], kept);
        var reasons = new List<string>();
        if (placed.Problems.Count == 0)
        {
            reasons.AddRange(kept.Replicas.Except(placed.Placement.Replicas).Select(replica => WhyLeft(replica, nodes, isLost)));
            reasons.AddRange(placed.Placement.Replicas.Where(replica => kept.Of(replica.Service, replica.Number) is null)
                .Select(replica => E("{0:name} is to be on '{1}' too", replica.Service, NameOf(replica.Node, nodes))));
        }

        var hashes = project.Services.ToDictionary(service => service.Name, service => service.Hash);
        foreach (var node in nodes.Where(node => node.Presence == NodePresence.Online))
        {
            foreach (var container in Own(node, stack))
            {
                var replica = new PlacedReplica(ServiceOf(container), NumberOf(container), node.Id);
                if (!kept.Replicas.Contains(replica))
                {
                    reasons.Add(E("{0:name} {1:name} runs on '{2}', and is not to be there any more", replica.Service, $"{replica.Number}", node.Name));
                }
                else if (hashes.GetValueOrDefault(replica.Service) is { } hash
                    && container.Labels.GetValueOrDefault(ComposeLabels.ConfigHash) != hash)
                {
                    reasons.Add(E("{0:name} {1:name} on '{2}' has missed a deployment", replica.Service, $"{replica.Number}", node.Name));
                }
            }
        }

        var told = reasons.Distinct().Order(StringComparer.Ordinal).ToArray();
        return string.Join("; ", told.Take(MostTold)) + (told.Length > MostTold ? $"; and {told.Length - MostTold} more" : "");
    }

    // What is made by others than deployments of this stack is not its business.
    private static IEnumerable<ContainerView> Own(NodeState node, Stack stack) => RunningStacks.Of(node)[stack.Name].Where(container =>
        container.Labels.GetValueOrDefault(DeploymentRun.StackLabel) == $"{stack.Id}"
        && container.Labels.GetValueOrDefault(ComposeLabels.Replaces, "").Length == 0
        && NumberOf(container) < int.MaxValue);

    private static string ServiceOf(ContainerView container) => container.Labels.GetValueOrDefault(ComposeLabels.Service, "");

    private static int NumberOf(ContainerView container) =>
        new RunningContainer(container.Id, container.Name, container.ImageId, true, container.Labels).Number;

    private static string NameOf(Guid id, IEnumerable<NodeState> nodes) => nodes.FirstOrDefault(node => node.Id == id)?.Name ?? "";

    private static string WhyLeft(PlacedReplica replica, IEnumerable<NodeState> nodes, Func<NodeState, bool> isLost)
    {
        var node = nodes.FirstOrDefault(node => node.Id == replica.Node);
        var why = node is null ? N("its node is not in the environment any more")
            : isLost(node) ? E("'{0}' is lost", node.Name)
            : node.TakesPlacements ? E("it may not be on '{0}' any more", node.Name)
            : E("'{0}' is drained", node.Name);
        return E("{0:name} {1:name}: {2:said}", replica.Service, $"{replica.Number}", why);
    }

    private static PlacementNode NodeOf(NodeState node, string project, bool isLost)
    {
        var others = node.Containers.Values.Where(container =>
            container.State == "running" && container.Labels.GetValueOrDefault(ComposeLabels.Project) != project).ToArray();
        return new PlacementNode(node.Id, node.Name, node.Labels)
        {
            TakesNew = node.TakesPlacements,
            IsLost = isLost,
            Load = others.Length,
            HeldPorts = others.SelectMany(container => container.Ports.Select(port => (Port: PublishedPort(port), container.Name)))
                .Where(held => held.Port.Length > 0).DistinctBy(held => held.Port).ToDictionary(held => held.Port, held => held.Name),
        };
    }

    // 0.0.0.0:8080->80/tcp is 8080/tcp.
    private static string PublishedPort(string port)
    {
        var arrow = port.IndexOf("->", StringComparison.Ordinal);
        var colon = arrow < 0 ? -1 : port.LastIndexOf(':', arrow);
        var slash = port.LastIndexOf('/');
        return colon < 0 || slash < arrow ? "" : $"{port[(colon + 1)..arrow]}{port[slash..]}";
    }
}
