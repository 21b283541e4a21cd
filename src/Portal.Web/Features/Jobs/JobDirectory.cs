using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Jobs;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Jobs.Running;
using Portal.Web.Features.Jobs.Schedules;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Jobs;

/// <summary>
/// Lists and changes jobs. A job counts where it works: on a node, an environment, or everything. To save, switch on or run one takes what
/// doing the same by hand takes there, besides <c>jobs.edit</c>: it is done without anybody being asked again, in the name of who saved it.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class JobDirectory(
    IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, JobArchives archives, JobSignal signal, IAuditLog audit,
    TimeProvider time)
{
    private const int LongestName = 128;

    /// <summary>Those that the user may see, by name.</summary>
    public async Task<IReadOnlyList<JobLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await LinesAsync(database, null, cancellationToken))
            .Where(line => access.Allows(PermissionNames.JobsView, line.Scope))
            .OrderBy(line => line.Name, StringComparer.OrdinalIgnoreCase).ThenBy(line => line.Id)];
    }

    /// <summary>A job; null where there is none that the user may see.</summary>
    public async Task<JobLine?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var line = (await LinesAsync(database, id, cancellationToken)).SingleOrDefault();
        return line is not null && await authorizer.IsAllowedAsync(user, PermissionNames.JobsView, line.Scope, cancellationToken)
            ? line : null;
    }

    /// <summary>Makes a job, switched on, or changes one; from then on it is the user's.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="JobException">It is wrong.</exception>
    public async Task<Guid> SaveAsync(ClaimsPrincipal user, Guid? id, JobDraft draft, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var present = id is null ? null : await OpenAsync(database, user, id.Value, cancellationToken);
        var schedule = CronSchedule.Parse(draft.Cron, draft.TimeZone);
        var problems = Problems(draft).ToList();
        if (problems.Count > 0)
        {
            throw new JobException(string.Join(' ', problems));
        }

        var scope = await ScopeAsync(database, user, draft, cancellationToken);
        var actor = await EnsureAsync(user, scope, draft.Kind, draft.Settings, cancellationToken);
        var now = time.GetUtcNow();
        var job = present ?? new ScheduledJob { Id = Guid.CreateVersion7(now), CreatedAt = now, Enabled = true };
        (job.Name, job.Kind, job.Settings) = (draft.Name.Trim(), JobKindInfo.Of(draft.Kind).Name, draft.Settings.ToJson());
        (job.EnvironmentId, job.NodeId) = (scope.EnvironmentId, scope.NodeId);
        (job.Cron, job.TimeZone, job.ChangedAt) = (draft.Cron.Trim(), draft.TimeZone, now);
        (job.OwnerId, job.OwnerName) = (actor.UserId, actor.UserName);
        job.NextAt = job.Enabled ? schedule.Next(now) : null;
        if (present is null)
        {
            database.ScheduledJobs.Add(job);
        }

        await SaveAsync(database, cancellationToken);
        await RecordAsync(actor, id is null ? "job.create" : "job.update", job, $"{job.Kind}, {job.Cron} {job.TimeZone}");
        return job.Id;
    }

    /// <summary>Pauses a job, or lets it go on. What would have been due meanwhile is not made up for.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="JobException">There is no such job.</exception>
    public async Task SetEnabledAsync(ClaimsPrincipal user, Guid id, bool enabled, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var job = await OpenAsync(database, user, id, cancellationToken);
        var actor = user.ToActor();
        if (enabled)
        {
            actor = await EnsureAsync(user, job, cancellationToken);
        }

        job.Enabled = enabled;
        job.NextAt = enabled ? CronSchedule.Parse(job.Cron, job.TimeZone).Next(time.GetUtcNow()) : null;
        await SaveAsync(database, cancellationToken);
        await RecordAsync(actor, enabled ? "job.resume" : "job.pause", job, "");
    }

    /// <summary>Removes a job with its runs and their archives on this host. One that runs goes on to its end.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="JobException">There is no such job.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var job = await OpenAsync(database, user, id, cancellationToken);
        database.ScheduledJobs.Remove(job);
        await SaveAsync(database, cancellationToken);
        archives.RemoveAll(id);
        await RecordAsync(user.ToActor(), "job.remove", job, "");
    }

    private static IEnumerable<string> Problems(JobDraft draft)
    {
        if (draft.Name.Trim() is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
        {
            yield return E("A name has 1 to {0} characters.", LongestName);
        }

        if (draft is { EnvironmentId: not null, NodeId: not null })
        {
            yield return N("Choose an environment or a node, not both.");
        }

        if (draft.Kind == JobKind.PortalBackup && (draft.EnvironmentId is not null || draft.NodeId is not null))
        {
            yield return N("The portal is on no node: leave out where.");
        }

        if (draft.Kind is not (JobKind.Prune or JobKind.RestartStack or JobKind.PortalBackup) && draft.NodeId is null)
        {
            yield return N("Choose the node.");
        }

        foreach (var problem in draft.Settings.Problems(draft.Kind))
        {
            yield return problem;
        }
    }

    // A stack is where it is. Who may not see it is told the same as when it is gone.
    private async Task<AccessScope> ScopeAsync(
        PortalDbContext database, ClaimsPrincipal user, JobDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Kind == JobKind.PortalBackup
            && !await database.BackupDestinations.AnyAsync(row => row.Id == draft.Settings.DestinationId, cancellationToken))
        {
            throw new JobException(N("There is no such destination of backups any more."));
        }

        if (draft.Kind != JobKind.RestartStack)
        {
            return AccessScope.From(draft.EnvironmentId, draft.NodeId);
        }

        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == draft.Settings.StackId, cancellationToken);
        return stack is not null
            && await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken)
            ? stack.Scope() : throw new JobException(N("There is no such stack any more."));
    }

    private Task<Actor> EnsureAsync(ClaimsPrincipal user, ScheduledJob job, CancellationToken cancellationToken)
    {
        var kind = JobKindInfo.Find(job.Kind) ?? throw new JobException(N("This portal does not know what this job does."));
        var scope = AccessScope.From(job.EnvironmentId, job.NodeId);
        return EnsureAsync(user, scope, kind.Kind, JobSettings.Parse(job.Settings), cancellationToken);
    }

    private async Task<Actor> EnsureAsync(
        ClaimsPrincipal user, AccessScope scope, JobKind kind, JobSettings settings, CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.JobsEdit, scope, cancellationToken);
        foreach (var permission in settings.NeededFor(kind))
        {
            await authorizer.EnsureAsync(user, permission, scope, cancellationToken);
        }

        return actor;
    }

    /// <summary>A job that the user may edit.</summary>
    private async Task<ScheduledJob> OpenAsync(PortalDbContext database, ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var job = await database.ScheduledJobs.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var scope = job is null ? AccessScope.Everything : AccessScope.From(job.EnvironmentId, job.NodeId);
        if (job is null || !await authorizer.IsAllowedAsync(user, PermissionNames.JobsView, scope, cancellationToken))
        {
            throw new JobException(N("There is no such job any more."));
        }

        await authorizer.EnsureAsync(user, PermissionNames.JobsEdit, scope, cancellationToken);
        return job;
    }

    private static async Task<IReadOnlyList<JobLine>> LinesAsync(PortalDbContext database, Guid? id, CancellationToken cancellationToken)
    {
        var rows = await (
            from job in database.ScheduledJobs.AsNoTracking()
            where id == null || job.Id == id
            select new
            {
                job,
                environment = database.Environments.Where(row => row.Id == job.EnvironmentId).Select(row => row.Name).FirstOrDefault(),
                node = database.Nodes.Where(row => row.Id == job.NodeId).Select(row => row.Name).FirstOrDefault(),
                last = database.JobRuns.Where(row => row.JobId == job.Id).OrderByDescending(row => row.CreatedAt)
                    .Select(row => new JobRun
                    {
                        Id = row.Id, JobId = row.JobId, Cause = row.Cause, CauseText = row.CauseText, CreatedAt = row.CreatedAt,
                        State = row.State, Message = row.Message, StartedAt = row.StartedAt, FinishedAt = row.FinishedAt,
                    }).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new JobLine(
            row.job, JobKindInfo.Find(row.job.Kind), JobSettings.Parse(row.job.Settings),
            PlaceOf(row.job, row.node, row.environment), row.last))];
    }

    private static string PlaceOf(ScheduledJob job, string? node, string? environment) => node
        ?? (environment is not null ? T("environment {0}", environment)
            : job.Kind == JobKindInfo.Of(JobKind.PortalBackup).Name ? T("the portal") : T("all nodes"));

    private static async Task SaveAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
        {
            throw new JobException(N("The job, its node or its environment was removed meanwhile."), failure);
        }
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, ScheduledJob job, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "job", job.Id.ToString(), job.Name, job.NodeId, AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
