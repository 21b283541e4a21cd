using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data.Entities.Jobs;
using Portal.Web.Access;

namespace Portal.Web.Features.Jobs;

/// <content>The times that a job was done. What one said is for those alone who may do the same by hand.</content>
internal sealed partial class JobDirectory
{
    /// <summary>Asks for a run now, in the name of who saved the job.</summary>
    /// <returns>The run.</returns>
    /// <exception cref="AccessDeniedException">The user may not do themselves what the job does.</exception>
    /// <exception cref="JobException">There is no such job, or it runs already.</exception>
    public async Task<Guid> RunNowAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var job = await OpenAsync(database, user, id, cancellationToken);
        var actor = await EnsureAsync(user, job, cancellationToken);
        var now = time.GetUtcNow();
        var run = new JobRun
        {
            Id = Guid.CreateVersion7(now),
            JobId = id,
            Cause = JobCause.Person,
            CauseText = "by hand",
            ActorName = actor.UserName,
            CreatedAt = now,
            State = JobRunState.Queued,
        };
        database.JobRuns.Add(run);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new JobException(N("The job runs already. Wait until it has ended."), failure);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new JobException(N("There is no such job any more."), failure);
        }

        signal.Set();
        await RecordAsync(actor, "job.run", job, "");
        return run.Id;
    }

    /// <summary>Runs, newest first, without what they said; null where there is no job that the user may see.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="id">The job; null for all that the user may see.</param>
    /// <param name="before">Those before this one; null for the newest.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<JobRun>?> RunsAsync(
        ClaimsPrincipal user, Guid? id, Guid? before, int size, CancellationToken cancellationToken)
    {
        Guid[] seen = id is null ? [.. (await ListAsync(user, cancellationToken)).Select(line => line.Id)]
            : await FindAsync(user, id.Value, cancellationToken) is { } line ? [line.Id] : [];
        if (id is not null && seen.Length == 0)
        {
            return null;
        }

        // Ids grow with the time, so that one is a place in the list.
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.JobRuns.AsNoTracking()
            .Where(row => seen.Contains(row.JobId))
            .Where(row => before == null || row.Id.CompareTo(before.Value) < 0)
            .OrderByDescending(row => row.Id).Take(size)
            .Select(row => new JobRun
            {
                Id = row.Id, JobId = row.JobId, Cause = row.Cause, CauseText = row.CauseText, ActorName = row.ActorName, DueAt = row.DueAt,
                CreatedAt = row.CreatedAt, State = row.State, Message = row.Message, StartedAt = row.StartedAt,
                FinishedAt = row.FinishedAt, Attempt = row.Attempt, Archive = row.Archive, ArchiveBytes = row.ArchiveBytes,
                ArchiveHost = row.ArchiveHost,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// A run with what it said, which is empty for who may not do the same by hand; null where there is none that the user may see.
    /// </summary>
    public async Task<JobRun?> FindRunAsync(ClaimsPrincipal user, Guid id, Guid runId, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, id, cancellationToken) is not { } line)
        {
            return null;
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await database.JobRuns.AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == runId && row.JobId == id, cancellationToken);
        if (run is not null && !await MayDoAsync(user, line, cancellationToken))
        {
            run.Log = "";
        }

        return run;
    }

    /// <summary>Opens the archive of a run.</summary>
    /// <returns>Its name for people and its bytes; null where there is none that the user may see.</returns>
    /// <exception cref="AccessDeniedException">The user may not make such an archive by hand.</exception>
    /// <exception cref="JobException">The file is not here; says where it is, or was.</exception>
    public async Task<(string Name, Stream Content)?> OpenArchiveAsync(
        ClaimsPrincipal user, Guid id, Guid runId, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, id, cancellationToken) is not { Info: { } info } line
            || await FindRunAsync(user, id, runId, cancellationToken) is not { Archive.Length: > 0 } run)
        {
            return null;
        }

        foreach (var permission in line.Settings.NeededFor(info.Kind))
        {
            await authorizer.EnsureAsync(user, permission, line.Scope, cancellationToken);
        }

        var content = archives.Open(id, run);
        await RecordAsync(user.ToActor(), "job.archive.download", line.Job, run.Archive);
        return (run.Archive, content);
    }

    private async Task<bool> MayDoAsync(ClaimsPrincipal user, JobLine line, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return line.Info is { } info && line.Settings.NeededFor(info.Kind).All(name => access.Allows(name, line.Scope));
    }
}
