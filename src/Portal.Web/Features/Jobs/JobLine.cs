using Portal.Data.Entities.Jobs;
using Portal.Web.Access;

namespace Portal.Web.Features.Jobs;

/// <summary>A job as it is shown.</summary>
/// <param name="Job">What is kept.</param>
/// <param name="Info">What it does; null for what a newer portal wrote.</param>
/// <param name="Settings">How.</param>
/// <param name="Place">Where, in words.</param>
/// <param name="Last">Its newest run, without its log; null before the first.</param>
internal sealed record JobLine(ScheduledJob Job, JobKindInfo? Info, JobSettings Settings, string Place, JobRun? Last)
{
    public Guid Id => Job.Id;

    public string Name => Job.Name;

    public AccessScope Scope => AccessScope.From(Job.EnvironmentId, Job.NodeId);
}
