using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Jobs.Running;

namespace Portal.Web.Features.Jobs;

/// <summary>How the jobs that are switched on stood when they were last read, for who watches them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class JobStates(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private static readonly string[] s_bad = [JobRunState.Failed, JobRunState.Refused];

    public IReadOnlyList<JobStanding> Current { get; private set; } = [];

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.ScheduledJobs.AsNoTracking().Where(job => job.Enabled).Select(job => new
        {
            job.Id,
            job.Name,
            job.NodeId,
            job.NextAt,
            Last = database.JobRuns.Where(run => run.JobId == job.Id && run.FinishedAt != null).OrderByDescending(run => run.CreatedAt)
                .Select(run => new { run.State, run.Message }).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        Current = [.. rows.Select(row =>
        {
            var late = row.NextAt is { } next && now - next > JobStore.Late ? E("late by {0}", Units.Duration(now - next)) : "";
            var failed = row.Last is { } last && s_bad.Contains(last.State) ? last.Message : "";
            return new JobStanding(row.Id, row.Name, row.NodeId, late.Length > 0 ? late : failed);
        })];
    }
}
