using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stacks;

/// <summary>What files would mean: what is wrong with them, and what would change on the node; no plan when they are wrong.</summary>
public sealed record StackCheck(IReadOnlyList<ComposeProblem> Problems, ProjectPlan? Plan)
{
    public bool IsRight => Plan is not null;

    /// <summary>Looks at files for a node or several.</summary>
    /// <param name="name">The project's.</param>
    /// <param name="files">Its files.</param>
    /// <param name="values">Put into them.</param>
    /// <param name="place">The stack, or what a new one says of where it is to be.</param>
    /// <param name="fleet">What runs; null for nothing.</param>
    public static StackCheck Of(
        string name, StackFileSet files, IReadOnlyDictionary<string, string> values, Stack place, FleetState? fleet)
    {
        var result = ComposeLoader.Load(
            files, new ComposeOptions
            {
                Files = files.ComposeFiles, ProjectName = name, Values = values, IsSpread = place.EnvironmentId is not null,
            });
        return new StackCheck(Hidden(result.Problems, values), result.IsRight ? PlanOf(result.Project, place, fleet) : null);
    }

    private static ProjectPlan PlanOf(ComposeProject project, Stack place, FleetState? fleet)
    {
        var nodes = fleet is null ? [] : RunningStacks.NodesOf(place, fleet).ToArray();
        if (place.EnvironmentId is null)
        {
            var running = nodes.Length == 0 ? RunningProject.None : RunningStacks.Project(nodes[0], project.Name);
            return ProjectPlanner.Plan(project, running, new PlanOptions());
        }

        var none = new Dictionary<string, string>();
        var there = nodes.Select(node => new SpreadNode(node.Id, node.Name, RunningStacks.Project(node, project.Name), none, [])).ToArray();
        var seen = there.SelectMany(node => node.Running.Containers
            .Where(container => container is { IsOneOff: false, Number: < int.MaxValue })
            .Select(container => new PlacedReplica(container.Service, container.Number, node.Id)));
        var placed = Placer.Place(
            project,
            [.. nodes.Select(node => new PlacementNode(node.Id, node.Name, node.Labels) { TakesNew = node.TakesPlacements })],
            new StackPlacement([.. seen]));
        return SpreadPlanner.Plan(project, placed.Placement, there, new PlanOptions());
    }

    /// <summary>What is wrong may be what a value was put in for, and values are not shown again.</summary>
    public static IReadOnlyList<ComposeProblem> Hidden(
        IReadOnlyList<ComposeProblem> problems, IReadOnlyDictionary<string, string> values) =>
        [.. problems.Select(problem => problem with { Message = SecretText.Hide(problem.Message, values.Values) })];
}
