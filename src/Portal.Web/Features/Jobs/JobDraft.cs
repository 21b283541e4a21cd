namespace Portal.Web.Features.Jobs;

/// <summary>What a job shall be.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Settings">How.</param>
/// <param name="EnvironmentId">On all nodes of an environment, which is for prunes alone.</param>
/// <param name="NodeId">On a node; with no environment either, on all nodes. A stack says itself where it is.</param>
/// <param name="Cron">When, in five fields.</param>
/// <param name="TimeZone">Whose clock that is.</param>
internal sealed record JobDraft(
    string Name, JobKind Kind, JobSettings Settings, Guid? EnvironmentId, Guid? NodeId, string Cron, string TimeZone);
