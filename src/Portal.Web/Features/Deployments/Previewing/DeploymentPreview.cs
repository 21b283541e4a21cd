using Portal.Compose.Planning;

namespace Portal.Web.Features.Deployments.Previewing;

/// <summary>What a deployment would do now.</summary>
/// <param name="Revision">Of the stack.</param>
/// <param name="Plan">All steps, those that change nothing too; null when the files can't be read.</param>
/// <param name="Problems">What stands against it: with any of these it would change nothing.</param>
/// <param name="Pulls">Images that the node does not have.</param>
public sealed record DeploymentPreview(
    int Revision, ProjectPlan? Plan, IReadOnlyList<string> Problems, IReadOnlyList<string> Pulls)
{
    /// <summary>Nothing to do, and nothing in the way.</summary>
    public bool IsSame => Plan is { IsEmpty: true } && Problems.Count == 0;
}
