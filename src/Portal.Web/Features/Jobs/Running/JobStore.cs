using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Jobs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Jobs.Schedules;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>
/// The queue of runs. Each portal puts what is due into it and takes from it; the database sees to it that a time comes once and a job
/// runs once at a time. What a portal that is gone had begun is due again when its lease has run out: done again where that does no harm.
/// </summary>
/// <remarks>Singleton; any thread. Leases go by the clock of the database.</remarks>
internal sealed class JobStore(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const int MostAttempts = 3;
    private const int KeptRuns = 200;
    private const int MostCounted = 1000;

    /// <summary>From when on a time counts as missed: a portal that is busy or just starts is not late yet.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private static readonly string s_broken = N("The portal that did this ended in the middle of it. It is not begun again by itself: "
        + "see what was done, and run it by hand if need be.");

    private static readonly string[] s_repeated = [.. JobKindInfo.All.Where(info => info.Repeats).Select(info => info.Name)];

    /// <summary>Queues the run of one job whose time has come. However often it came while nobody looked, it is run once.</summary>
    /// <returns>False when nothing is due.</returns>
    public async Task<bool> ScheduleAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var job = (await database.ScheduledJobs.FromSql(
            $"""
            select * from scheduled_jobs where enabled and next_at <= {now} order by next_at limit 1 for update skip locked
            """).ToListAsync(cancellationToken)).SingleOrDefault();
        if (job?.NextAt is not { } due)
        {
            return false;
        }

        if (await database.JobRuns.AnyAsync(row => row.JobId == job.Id && row.DueAt == due, cancellationToken))
        {
            // A clock was put back: that time has come before.
            job.NextAt = CronSchedule.Parse(job.Cron, job.TimeZone).Next(due);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }

        var run = RunOf(job, due, now);
        var isBusy = await database.JobRuns.AnyAsync(row => row.JobId == job.Id && row.FinishedAt == null, cancellationToken);
        try
        {
            var schedule = CronSchedule.Parse(job.Cron, job.TimeZone);
            job.NextAt = schedule.Next(now);
            Tell(run, schedule, due, now);
        }
        catch (JobException wrong)
        {
            // This host knows fewer time zones than the one where the job was saved. Another portal may know it: it is asked again later.
            (run.State, run.Message, run.FinishedAt, job.NextAt) = (JobRunState.Failed, wrong.Message, now, now.AddHours(1));
        }

        if (isBusy && run.FinishedAt is null)
        {
            (run.State, run.FinishedAt, run.Message) = (JobRunState.Skipped, now, N("The run before this one had not ended."));
        }

        database.JobRuns.Add(run);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody asked for a run in this moment: the next look sees it.
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Takes the run that waits longest.</summary>
    /// <returns>Null when none waits.</returns>
    public async Task<(ScheduledJob Job, JobRun Run)?> ClaimAsync(Guid worker, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await EndBrokenAsync(database, cancellationToken);
        var claimed = (await database.JobRuns.FromSql(
            $"""
            update job_runs set state = 'Running', attempt = attempt + 1, worker_id = {worker},
                lease_until = clock_timestamp() + {Lease}, started_at = coalesce(started_at, clock_timestamp())
            where id = (
                select id from job_runs
                where finished_at is null and (state = 'Queued' or lease_until < clock_timestamp())
                order by created_at, id limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken)).SingleOrDefault();
        return claimed is not null
            && await database.ScheduledJobs.AsNoTracking()
                .SingleOrDefaultAsync(row => row.Id == claimed.JobId, cancellationToken) is { } job
            ? (job, claimed) : null;
    }

    /// <summary>Renews the lease and writes down what the run has said.</summary>
    /// <returns>False when it is another's by now, or the job is gone.</returns>
    public async Task<bool> BeatAsync(JobRun run, string log, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.ExecuteSqlAsync(
            $"""
            update job_runs set lease_until = clock_timestamp() + {Lease}, log = {log}
            where id = {run.Id} and state = 'Running' and worker_id = {run.WorkerId} and attempt = {run.Attempt}
            """, cancellationToken) > 0;
    }

    /// <summary>Ends a run; only the newest of a job are kept.</summary>
    /// <returns>False when it is another's by now, or the job is gone.</returns>
    public async Task<bool> FinishAsync(JobRun run, JobOutcome outcome, string log, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var message = outcome.Message.Length <= 2048 ? outcome.Message : outcome.Message[..2047] + "…";
        var host = outcome.Archive.Length > 0 ? JobArchives.Host : "";
        var ended = await database.Database.ExecuteSqlAsync(
            $"""
            update job_runs set state = {outcome.State}, message = {message}, log = {log}, finished_at = clock_timestamp(),
                lease_until = null, archive = {outcome.Archive}, archive_bytes = {outcome.ArchiveBytes}, archive_host = {host}
            where id = {run.Id} and state = 'Running' and worker_id = {run.WorkerId} and attempt = {run.Attempt}
            """, cancellationToken) > 0;
        await database.Database.ExecuteSqlAsync(
            $"""
            delete from job_runs where job_id = {run.JobId} and finished_at is not null and id not in (
                select id from job_runs where job_id = {run.JobId} order by created_at desc, id desc limit {KeptRuns})
            """, cancellationToken);
        return ended;
    }

    /// <summary>A portal that stops lets others go on at once with what may be done again.</summary>
    public async Task ReleaseAsync(JobRun run, string log, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync(
            $"""
            update job_runs set lease_until = clock_timestamp(), log = {log}
            where id = {run.Id} and state = 'Running' and worker_id = {run.WorkerId} and attempt = {run.Attempt}
            """, cancellationToken);
    }

    private static async Task EndBrokenAsync(PortalDbContext database, CancellationToken cancellationToken) =>
        await database.Database.ExecuteSqlAsync(
            $"""
            update job_runs set state = 'Failed', finished_at = clock_timestamp(), lease_until = null,
                message = {s_broken}
            where finished_at is null and state = 'Running' and lease_until < clock_timestamp()
                and (attempt >= {MostAttempts}
                    or not exists (select 1 from scheduled_jobs job where job.id = job_runs.job_id and job.kind = any({s_repeated})))
            """, cancellationToken);

    private static JobRun RunOf(ScheduledJob job, DateTimeOffset due, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        JobId = job.Id,
        Cause = JobCause.Schedule,
        ActorName = job.OwnerName,
        DueAt = due,
        CreatedAt = now,
        State = JobRunState.Queued,
    };

    private static void Tell(JobRun run, CronSchedule schedule, DateTimeOffset due, DateTimeOffset now)
    {
        if (now - due <= Late)
        {
            return;
        }

        var more = 0;
        for (var next = schedule.Next(due); next <= now && more < MostCounted; next = schedule.Next(next.Value))
        {
            more++;
        }

        run.Cause = JobCause.Missed;
        var late = Units.Duration(now - due);
        run.CauseText = more switch
        {
            0 => E("late by {0}: no portal ran when it was due", late),
            1 => E("late by {0}: no portal ran when it was due, nor {1} time since; it is done once", late, more),
            MostCounted => E("late by {0}: no portal ran when it was due, nor {1} times or more since; it is done once", late, more),
            _ => E("late by {0}: no portal ran when it was due, nor {1} times since; it is done once", late, more),
        };
    }
}
