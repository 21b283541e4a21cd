using System.Security.Claims;
using Portal.Data.Entities.Jobs;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>In whose name a job is done: who saved it, with what that person may do at the moment.</summary>
internal static class JobPerson
{
    public static ClaimsPrincipal Of(ScheduledJob job) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, job.OwnerId.ToString()),
            new Claim(ClaimTypes.Name, $"{job.OwnerName} (job '{job.Name}')"),
        ],
        "job"));
}
