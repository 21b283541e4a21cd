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

    /// <summary>The nodes that a stack is for, as the fleet has them.</summary>
    public static IEnumerable<NodeState> NodesOf(Data.Entities.Stacks.Stack stack, FleetState fleet) =>
        stack.EnvironmentId is { } environment
            ? fleet.Nodes.Values.Where(node => node.Environment?.Id == environment).OrderBy(node => node.Name, StringComparer.Ordinal)
            : fleet.Nodes.TryGetValue(stack.NodeId, out var one) ? [one] : [];

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
        var all = nodes.ToArray();
        var stacks = known.Where(stack => stack.EnvironmentId is null).ToDictionary(stack => (stack.NodeId, stack.Name));
        var spread = known.Where(stack => stack.EnvironmentId is not null).ToDictionary(stack => (stack.EnvironmentId!.Value, stack.Name));
        foreach (var stack in spread.Values)
        {
            var on = all.Where(node => node.Environment?.Id == stack.EnvironmentId)
                .SelectMany(node => Of(node)[stack.Name].Select(container => (node.Id, container)));
            lines.Add(Line(stack.EnvironmentId!.Value, stack.NodeName, stack.Name, stack, [.. on], updates));
        }

        foreach (var node in all)
        {
            foreach (var project in Of(node).Where(project =>
                node.Environment is null || !spread.ContainsKey((node.Environment.Id, project.Key))))
            {
                stacks.Remove((node.Id, project.Key), out var stack);
                lines.Add(Line(node.Id, node.Name, project.Key, stack, [.. project.Select(container => (node.Id, container))], updates));
            }
        }

        lines.AddRange(stacks.Values.Select(stack => Line(stack.NodeId, stack.NodeName, stack.Name, stack, [], updates)));
        return [.. lines.OrderBy(line => line.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(line => line.NodeName, StringComparer.OrdinalIgnoreCase)];
    }

    private static StackLine Line(
        Guid nodeId, string nodeName, string name, Data.Entities.Stacks.Stack? stack,
        IReadOnlyList<(Guid Node, ContainerView Container)> containers, ImageUpdates updates) => new(
        stack?.Id,
        name,
        nodeId,
        nodeName,
        stack?.Revision ?? 0,
        [.. containers.Select(one => one.Container.Labels.GetValueOrDefault(ComposeLabels.Service, ""))
            .Where(service => service.Length > 0)
            .Distinct().Order(StringComparer.Ordinal)],
        containers.Count,
        containers.Count(one => one.Container.State == "running"),
        containers.Count(one => updates.Of(one.Node, one.Container).IsAvailable))
    {
        IsSpread = stack?.EnvironmentId is not null,
    };
}
