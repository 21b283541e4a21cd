using Portal.Data.Entities;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>A build of an image.</summary>
internal sealed record BuildItem(
    Guid Id, string Owner, Guid NodeId, string Node, string Title, string Source, string Target, string State, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, int Steps, int CachedSteps, long? SizeBytes, string Error)
{
    public static BuildItem Of(BuildRecord row, string state) => new(
        row.Id, row.OwnerName, row.NodeId, row.NodeName, row.Title, row.Source, row.Target, state, row.StartedAt, row.EndedAt, row.Steps,
        row.CachedSteps, row.SizeBytes, row.Error);

    /// <summary>One that began a moment ago and is not in the history yet.</summary>
    public static BuildItem Of(BuildRun run, string owner, string node) => new(
        run.Id, owner, run.NodeId, node, run.Title, run.Source, run.Options.Target, run.State.ToString().ToLowerInvariant(), run.StartedAt,
        run.EndedAt, run.StepCount, run.Steps.Count(step => step.IsCached), run.Result?.SizeBytes, run.Error ?? "");
}
