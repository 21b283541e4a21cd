using Portal.Web.Features.Jobs;

namespace Portal.Web.Features.Rest.Jobs;

/// <summary>A scheduled job. It is done in the name of its owner; <c>nextAt</c> is null while it is paused.</summary>
internal sealed record JobItem(
    Guid Id, string Name, string Kind, JobSettings Settings, Guid? EnvironmentId, Guid? NodeId, string Cron, string TimeZone, bool Enabled,
    string OwnerName, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? NextAt)
{
    public static JobItem Of(JobLine line) => new(
        line.Id, line.Name, line.Job.Kind, line.Settings, line.Job.EnvironmentId, line.Job.NodeId, line.Job.Cron, line.Job.TimeZone,
        line.Job.Enabled, line.Job.OwnerName, line.Job.CreatedAt, line.Job.ChangedAt, line.Job.NextAt);

    /// <summary>Without what changes by itself, so that a run in between does not stand against a change.</summary>
    public JobItem Stored() => this with { NextAt = null };
}
