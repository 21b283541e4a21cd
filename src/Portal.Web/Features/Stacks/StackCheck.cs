using Portal.Compose.Loading;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stacks;

/// <summary>What files would mean: what is wrong with them, and what would change on the node; no plan when they are wrong.</summary>
public sealed record StackCheck(IReadOnlyList<ComposeProblem> Problems, ProjectPlan? Plan)
{
    public bool IsRight => Plan is not null;

    /// <summary>Looks at files for a node; without one, all would be new.</summary>
    public static StackCheck Of(string name, StackFileSet files, IReadOnlyDictionary<string, string> values, NodeState? node)
    {
        var result = ComposeLoader.Load(
            files, new ComposeOptions { Files = files.ComposeFiles, ProjectName = name, Values = values });
        var running = node is null ? RunningProject.None : RunningStacks.Project(node, name);
        var plan = result.IsRight ? ProjectPlanner.Plan(result.Project, running, new PlanOptions()) : null;
        return new StackCheck(Hidden(result.Problems, values), plan);
    }

    /// <summary>What is wrong may be what a value was put in for, and values are not shown again.</summary>
    public static IReadOnlyList<ComposeProblem> Hidden(
        IReadOnlyList<ComposeProblem> problems, IReadOnlyDictionary<string, string> values) =>
        [.. problems.Select(problem => problem with { Message = SecretText.Hide(problem.Message, values.Values) })];
}
