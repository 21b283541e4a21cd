using Portal.Web.Features.Jobs;
using Portal.Web.Features.Rest.Json;

namespace Portal.Web.Features.Rest.Jobs;

/// <summary>What a job shall be.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind"><c>prune</c>, <c>volume-backup</c>, <c>restart-container</c>, <c>restart-stack</c>, <c>command</c> or
/// <c>portal-backup</c>.</param>
/// <param name="Settings">How; what the kind has no use for is left out.</param>
/// <param name="Cron">When: minute, hour, day of the month, month, day of the week.</param>
/// <param name="TimeZone">Whose clock that is, as <c>Europe/Berlin</c>; UTC when it is left out.</param>
/// <param name="EnvironmentId">Of a prune: on all nodes of this environment.</param>
/// <param name="NodeId">On this node; a prune with neither is on all nodes. A stack says itself where it is.</param>
internal sealed record JobBody(
    string Name, string Kind, JobSettings Settings, string Cron, string TimeZone = "UTC", Guid? EnvironmentId = null, Guid? NodeId = null)
{
    public JobDraft ToDraft() => JobKindInfo.Find(Kind) is { } info
        ? new JobDraft(Name, info.Kind, Settings, EnvironmentId, NodeId, Cron, TimeZone)
        : throw RestResults.Refused($"A kind is one of {string.Join(", ", JobKindInfo.All.Select(info => info.Name))}.");
}
