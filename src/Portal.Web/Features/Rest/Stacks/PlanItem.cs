using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Web.Features.Deployments.Previewing;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What would be done.</summary>
/// <param name="Revision">Of the stack; 0 for files that are no revision.</param>
/// <param name="Steps">In their order, those that keep something too; null when the files are wrong.</param>
/// <param name="Problems">What is to be said of the files, and what stands against it.</param>
/// <param name="Pulls">Images that the node does not have, as far as it was asked.</param>
internal sealed record PlanItem(
    int Revision, IReadOnlyList<PlanStep>? Steps, IReadOnlyList<PlanItem.Problem> Problems, IReadOnlyList<string> Pulls)
{
    public static PlanItem Of(DeploymentPreview preview) => new(
        preview.Revision, preview.Plan?.Steps, [.. preview.Problems.Select(text => new Problem(ComposeSeverity.Error, "", text))],
        preview.Pulls);

    public static PlanItem Of(StackCheck check) => new(
        0, check.Plan?.Steps,
        [
            .. check.Problems.Select(problem => new Problem(
                problem.Severity, $"{problem.Mark.File}:{problem.Mark.Line}:{problem.Mark.Column}",
                problem.Key.Length > 0 ? $"{problem.Key}: {problem.Message}" : problem.Message)),
        ],
        []);

    /// <summary>Something to be said.</summary>
    /// <param name="Severity">How bad it is: with an error nothing is done.</param>
    /// <param name="Place">File, line and column; empty for none.</param>
    /// <param name="Message">What it is.</param>
    internal sealed record Problem(ComposeSeverity Severity, string Place, string Message);
}
