using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stacks;

/// <summary>Finds Compose projects by the labels of the containers that run.</summary>
internal static class RunningStacks
{
    /// <summary>The projects of a node with their containers.</summary>
    public static ILookup<string, ContainerView> Of(NodeState node) => node.Containers.Values
        .Where(container => container.Labels.GetValueOrDefault(ComposeLabels.Project, "").Length > 0)
        .ToLookup(container => container.Labels[ComposeLabels.Project], StringComparer.Ordinal);

    /// <summary>What is there of a project, as far as containers tell: networks and volumes are not among it.</summary>
    public static RunningProject Project(NodeState node, string name) => new(
        [.. Of(node)[name].Select(container => new RunningContainer(
            container.Id, container.Name, container.ImageId, container.State is "running" or "paused" or "restarting", container.Labels))],
        new Dictionary<string, string>(),
        []);

    /// <summary>Those that the portal has, and those that were found, by name.</summary>
    public static IReadOnlyList<StackLine> List(
        IEnumerable<NodeState> nodes, IEnumerable<Data.Entities.Stacks.Stack> known, ImageUpdates updates)
    {
        var lines = new List<StackLine>();
        var stacks = known.ToDictionary(stack => (stack.NodeId, stack.Name));
        foreach (var node in nodes)
        {
            foreach (var project in Of(node))
            {
                stacks.Remove((node.Id, project.Key), out var stack);
                lines.Add(Line(node.Id, node.Name, project.Key, stack, [.. project], updates));
            }
        }

        lines.AddRange(stacks.Values.Select(stack => Line(stack.NodeId, stack.NodeName, stack.Name, stack, [], updates)));
        return [.. lines.OrderBy(line => line.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(line => line.NodeName, StringComparer.OrdinalIgnoreCase)];
    }

    private static StackLine Line(
        Guid nodeId, string nodeName, string name, Data.Entities.Stacks.Stack? stack, IReadOnlyList<ContainerView> containers,
        ImageUpdates updates) => new(
        stack?.Id,
        name,
        nodeId,
        nodeName,
        stack?.Revision ?? 0,
        [.. containers.Select(container => container.Labels.GetValueOrDefault(ComposeLabels.Service, ""))
            .Where(service => service.Length > 0)
            .Distinct().Order(StringComparer.Ordinal)],
        containers.Count,
        containers.Count(container => container.State == "running"),
        containers.Count(container => updates.Of(nodeId, container).IsAvailable));
}
