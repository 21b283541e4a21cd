using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Builds.History;

/// <summary>
/// The builds of all portals, kept in the database: whoever began one sees it, and whoever may read the audit log sees everybody's.
/// </summary>
/// <remarks>Singleton; any thread. Nothing here fails a build: what can't be kept is logged.</remarks>
public sealed partial class BuildHistory(
    IDbContextFactory<PortalDbContext> contexts, IServiceScopeFactory scopes, IFleet fleet, TimeProvider time, ILogger<BuildHistory> logger)
{
    /// <summary>How long builds are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>How many are kept at most, whatever their age.</summary>
    public const int MostKept = 5000;

    /// <summary>What a build is that runs and of which no portal has spoken for a while.</summary>
    public const string Interrupted = "interrupted";

    private const string Running = "running";

    /// <summary>How often a running build is spoken of.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);

    /// <summary>A page, newest first, without details.</summary>
    public async Task<IReadOnlyList<BuildRecord>> ListAsync(
        ClaimsPrincipal user, BuildFilter filter, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var silent = time.GetUtcNow() - s_silence;
        var query = await VisibleAsync(context, user, cancellationToken);
        query = filter.NodeId is { } node ? query.Where(record => record.NodeId == node) : query;
        query = filter.Before is { } before ? query.Where(record => record.StartedAt < before) : query;
        query = filter.State switch
        {
            null => query,
            Interrupted => query.Where(record => record.State == Running && record.SeenAt < silent),
            Running => query.Where(record => record.State == Running && record.SeenAt >= silent),
            var state => query.Where(record => record.State == state),
        };
        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var pattern = $"%{filter.Text.Trim().Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
            query = query.Where(record => EF.Functions.ILike(record.Title, pattern) || EF.Functions.ILike(record.Source, pattern)
                || EF.Functions.ILike(record.OwnerName, pattern) || EF.Functions.ILike(record.NodeName, pattern));
        }

        // The details are large and no list shows them.
        return await query.OrderByDescending(record => record.StartedAt).Take(size).Select(record => new BuildRecord
        {
            Id = record.Id,
            OwnerId = record.OwnerId,
            OwnerName = record.OwnerName,
            NodeId = record.NodeId,
            NodeName = record.NodeName,
            Title = record.Title,
            Source = record.Source,
            Target = record.Target,
            State = record.State,
            StartedAt = record.StartedAt,
            SeenAt = record.SeenAt,
            EndedAt = record.EndedAt,
            Steps = record.Steps,
            CachedSteps = record.CachedSteps,
            SizeBytes = record.SizeBytes,
            Error = record.Error,
        }).ToListAsync(cancellationToken);
    }

    /// <summary>One with its details, or null where there is none that the user may see.</summary>
    public async Task<BuildRecord?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = await VisibleAsync(context, user, cancellationToken);
        return await query.SingleOrDefaultAsync(record => record.Id == id, cancellationToken);
    }

    /// <summary>What a build is now: its state, or <see cref="Interrupted"/>.</summary>
    public string StateOf(BuildRecord record) =>
        record.State == Running && record.SeenAt < time.GetUtcNow() - s_silence ? Interrupted : record.State;

    /// <summary>Keeps a build that begins, and lets go of what is too old.</summary>
    internal Task BeginAsync(ClaimsPrincipal user, BuildRun run) => QuietlyAsync(run, async context =>
    {
        if (!Guid.TryParse(run.Owner, out var owner))
        {
            return;
        }

        var now = time.GetUtcNow();
        context.Builds.Add(new BuildRecord
        {
            Id = run.Id,
            OwnerId = owner,
            OwnerName = Bounded(user.Identity?.Name ?? "", 256),
            NodeId = run.NodeId,
            NodeName = Bounded(fleet.Current.Nodes.GetValueOrDefault(run.NodeId)?.Name ?? "", 256),
            Title = Bounded(run.Title, 512),
            Source = Bounded(run.Source, 1024),
            Target = Bounded(run.Options.Target, 256),
            State = Running,
            StartedAt = run.StartedAt,
            SeenAt = now,
        });
        await context.SaveChangesAsync();
        var oldest = now - Kept;
        var last = await context.Builds.OrderByDescending(record => record.StartedAt).Skip(MostKept)
            .Select(record => (DateTimeOffset?)record.StartedAt).FirstOrDefaultAsync();
        await context.Builds.Where(record => record.StartedAt < oldest || (last != null && record.StartedAt <= last)).ExecuteDeleteAsync();
    });

    /// <summary>Says that a build still runs.</summary>
    internal Task TouchAsync(BuildRun run) => QuietlyAsync(run, context =>
    {
        var now = time.GetUtcNow();
        return context.Builds.Where(record => record.Id == run.Id && record.State == Running)
            .ExecuteUpdateAsync(set => set.SetProperty(record => record.SeenAt, now));
    });

    /// <summary>Keeps what came of a build.</summary>
    internal Task EndAsync(BuildRun run) => QuietlyAsync(run, async context =>
    {
        var steps = run.Steps;
        var (state, error, detail) = (run.State.ToString().ToLowerInvariant(), Bounded(run.Error ?? "", 4096), BuildDetail.Write(run));
        var (ended, size, cached) = (run.EndedAt, run.Result?.SizeBytes, steps.Count(step => step.IsCached));
        var count = Math.Max(run.StepCount, steps.Count);
        await context.Builds.Where(record => record.Id == run.Id).ExecuteUpdateAsync(set => set
            .SetProperty(record => record.State, state)
            .SetProperty(record => record.Error, error)
            .SetProperty(record => record.EndedAt, ended)
            .SetProperty(record => record.SizeBytes, size)
            .SetProperty(record => record.Steps, count)
            .SetProperty(record => record.CachedSteps, cached)
            .SetProperty(record => record.Detail, detail));
    });

    // PostgreSQL's text has no NUL.
    private static string Bounded(string text, int length)
    {
        text = text.Replace('\0', '\uFFFD');
        return text.Length <= length ? text : text[..(length - 1)] + "…";
    }

    private async Task<IQueryable<BuildRecord>> VisibleAsync(
        PortalDbContext context, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var authorizer = scope.ServiceProvider.GetRequiredService<IAuthorizer>();
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);

        // The audit log tells of all builds as well. Those of nodes that are gone are left to who may see them everywhere.
        if (access.Allows(PermissionNames.BuildsView, AccessScope.Everything)
            || access.Allows(PermissionNames.AuditView, AccessScope.Everything))
        {
            return context.Builds.AsNoTracking();
        }

        var owner = Guid.TryParse(BuildRuns.KeyOf(user), out var id) ? id : Guid.Empty;
        Guid[] open = [.. fleet.Current.Nodes.Keys.Where(node => access.Allows(PermissionNames.BuildsView, AccessScope.Node(node)))];
        return context.Builds.AsNoTracking()
            .Where(record => (record.OwnerId == owner && owner != Guid.Empty) || open.Contains(record.NodeId));
    }

    private async Task QuietlyAsync(BuildRun run, Func<PortalDbContext, Task> change)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync();
            await change(context);
        }
        catch (Exception failure)
        {
            NotKept(failure, run.Id);
        }
    }

    [LoggerMessage(2160, LogLevel.Warning, "Build {BuildId} could not be kept in the history.")]
    private partial void NotKept(Exception failure, Guid buildId);
}
