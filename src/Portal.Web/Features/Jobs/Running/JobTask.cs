using System.Security.Claims;
using Portal.Data.Entities.Jobs;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>One run, for what does it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Person">In whose name.</param>
/// <param name="Log">Takes what is said.</param>
internal sealed record JobTask(ScheduledJob Job, JobSettings Settings, ClaimsPrincipal Person, JobLog Log)
{
    /// <exception cref="JobException">The job is on no single node, as only a prune may be.</exception>
    public Guid NodeId => Job.NodeId ?? throw new JobException(N("The job names no node. Save it anew."));
}
