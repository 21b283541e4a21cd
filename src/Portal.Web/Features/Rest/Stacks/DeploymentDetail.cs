using System.Text.Json;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Deployments.Running;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>A deployment with its steps.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Steps">What it did and does.</param>
/// <param name="Images">
/// Of one that waited for approval, by the service: the image that it gets, whatever its name stands for by then. Empty until they are
/// known.
/// </param>
internal sealed record DeploymentDetail(
    DeploymentItem Deployment, IReadOnlyList<DeploymentStepItem> Steps, IReadOnlyDictionary<string, string> Images)
{
    public static DeploymentDetail Of(Deployment row, IEnumerable<DeploymentStep> steps) =>
        new(
        DeploymentItem.Of(row), [.. steps.Select(DeploymentStepItem.Of)], DeploymentStore.ReadImages(row.Pins));
}

/// <summary>One thing that a deployment did or does.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Phase">In which phase.</param>
/// <param name="Name">What it is.</param>
/// <param name="State">running, done, failed or stopped.</param>
/// <param name="Detail">Why, or what came of it.</param>
/// <param name="Parts">Of a pull the layers with their bytes.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended; null while it runs.</param>
internal sealed record DeploymentStepItem(
    int Number, string Phase, string Name, string State, string Detail, IReadOnlyList<StepPart> Parts, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    public static DeploymentStepItem Of(DeploymentStep step) => new(
        step.Number,
        step.Phase.ToLowerInvariant(),
        step.Name,
        step.State.ToLowerInvariant(),
        step.Detail,
        JsonSerializer.Deserialize<List<StepPart>>(step.Progress) ?? [],
        step.StartedAt,
        step.FinishedAt);
}
