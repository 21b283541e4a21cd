using Portal.Compose.Loading;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Compose.Sources;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stacks;

/// <summary>What a file would mean: what is wrong with it, and what would change on the node; no plan when it is wrong.</summary>
public sealed record StackCheck(IReadOnlyList<ComposeProblem> Problems, ProjectPlan? Plan)
{
    public const string FileName = "compose.yaml";

    // What is shorter is no secret, and is in too many words.
    private const int ShortestSecret = 4;

    public bool IsRight => Plan is not null;

    /// <summary>Looks at a file for a node; without one, all would be new.</summary>
    public static StackCheck Of(string name, string file, IReadOnlyDictionary<string, string> values, NodeState? node)
    {
        var files = new ProjectFiles(new Dictionary<string, string> { [FileName] = file });
        var result = ComposeLoader.Load(files, new ComposeOptions { Files = [FileName], ProjectName = name, Values = values });
        var running = node is null ? RunningProject.None : RunningStacks.Project(node, name);
        var told = result.Problems.Select(problem => problem with { Message = Hidden(problem.Message, values.Values) });
        return new StackCheck([.. told], result.IsRight ? ProjectPlanner.Plan(result.Project, running, new PlanOptions()) : null);
    }

    // What is wrong may be what a value was put in for, and values are not shown again.
    private static string Hidden(string message, IEnumerable<string> values) =>
        values.Where(value => value.Length >= ShortestSecret)
            .Aggregate(message, (text, value) => text.Replace(value, "•••", StringComparison.Ordinal));
}
