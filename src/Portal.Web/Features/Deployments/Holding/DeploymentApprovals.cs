using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>What people decide of deployments that are held: approve, refuse, begin now.</summary>
/// <remarks>
/// Singleton; any thread. Approving and refusing take <c>deployments.approve</c> on the stack's node, and somebody else than who
/// asked, in whose
/// name it is done, or whose rights it runs with; a program acts for a person and is bound like that person. Every decision is in the
/// audit log.
/// </remarks>
internal sealed class DeploymentApprovals(
    IDbContextFactory<PortalDbContext> contexts, DeploymentReleases releases, IAuthorizer authorizer, IAuditLog audit)
{
    private const int LongestNote = 500;

    /// <summary>How many wait for an approval that the user may give.</summary>
    public async Task<int> CountAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await database.Deployments.AsNoTracking().Where(row => row.State == "AwaitingApproval")
            .ToListAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        var count = 0;
        foreach (var row in waiting.Where(row => access.Allows(PermissionNames.DeploymentsApprove, row.Scope())))
        {
            count += await WhyNotAsync(database, user, row, cancellationToken) is null ? 1 : 0;
        }

        return count;
    }

    /// <summary>Why the user can't decide over a deployment, as a sentence; null for who can.</summary>
    public async Task<string?> WhyNotAsync(ClaimsPrincipal user, Deployment row, CancellationToken cancellationToken)
    {
        if (!await authorizer.IsAllowedAsync(user, PermissionNames.DeploymentsApprove, row.Scope(), cancellationToken))
        {
            return E("Approving takes the permission '{0}' there.", PermissionNames.DeploymentsApprove);
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await WhyNotAsync(database, user, row, cancellationToken);
    }

    /// <summary>Lets it begin, with the revision and the images that it was asked for with.</summary>
    /// <returns>How it stands then.</returns>
    /// <exception cref="AccessDeniedException">They may not approve there.</exception>
    /// <exception cref="StackException">It can't be approved, by them or any more.</exception>
    public async Task<Deployment> ApproveAsync(ClaimsPrincipal user, Guid id, string note, CancellationToken cancellationToken)
    {
        var (row, actor) = await FindAsync(user, id, PermissionNames.DeploymentsApprove, cancellationToken);
        await EnsureOtherAsync(user, row, actor, "deployment.approve", cancellationToken);
        var released = await releases.ReleaseAsync(
            id,
            DeploymentState.AwaitingApproval,
            (held, now) =>
            {
                if (held.DecideUntil <= now)
                {
                    throw new StackException(N("Nobody approved it in time. Ask for it anew."));
                }

                if (held.PinnedAt is null)
                {
                    throw new StackException(
                        N("Its images are still being looked up: what they are must be known before they are approved."));
                }

                Decide(held, actor, note, now);
            },
            overridesWindow: false,
            cancellationToken) ?? throw Decided();
        await RecordAsync(actor, "deployment.approve", released, AuditEntry.Join($"revision {released.Revision}, {id}", released.Decision));
        return released;
    }

    /// <summary>Ends it.</summary>
    /// <exception cref="AccessDeniedException">They may not approve there.</exception>
    /// <exception cref="StackException">They give no reason, are who asked, or it was decided already.</exception>
    public async Task RefuseAsync(ClaimsPrincipal user, Guid id, string reason, CancellationToken cancellationToken)
    {
        var (row, actor) = await FindAsync(user, id, PermissionNames.DeploymentsApprove, cancellationToken);
        await EnsureOtherAsync(user, row, actor, "deployment.refuse", cancellationToken);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new StackException(N("Say why it is refused: whoever asked for it reads that."));
        }

        var ended = await releases.EndAsync(
            id,
            DeploymentState.AwaitingApproval,
            async (database, held, now) =>
            {
                Decide(held, actor, reason, now);
                (held.State, held.Message) = (nameof(DeploymentState.Refused), E("{0} refused it: {1}", actor.UserName, held.Decision));
                await DeploymentMessages.AddAsync(database, held, DeploymentEvent.NotApproved, now, cancellationToken);
            },
            cancellationToken) ?? throw Decided();
        await RecordAsync(actor, "deployment.refuse", ended, AuditEntry.Join($"revision {ended.Revision}, {id}", ended.Decision));
    }

    /// <summary>Lets one begin that waits for a window.</summary>
    /// <exception cref="AccessDeniedException">They may not override windows there.</exception>
    /// <exception cref="StackException">It waits no more.</exception>
    public async Task BeginNowAsync(ClaimsPrincipal user, Guid id, string reason, CancellationToken cancellationToken)
    {
        var (row, actor) = await FindAsync(user, id, PermissionNames.DeploymentsOverride, cancellationToken);
        var released = await releases.ReleaseAsync(id, DeploymentState.AwaitingWindow, (_, _) => { }, true, cancellationToken)
            ?? throw new StackException(N("It does not wait for a window any more."));
        await RecordAsync(
            actor, "deployment.override_window", released, AuditEntry.Join($"revision {row.Revision}, {id}", Cut(reason)));
    }

    private static void Decide(Deployment row, Actor actor, string note, DateTimeOffset now) =>
        (row.DecidedAt, row.DecidedById, row.DecidedBy, row.Decision) = (now, actor.UserId, actor.UserName, Cut(note));

    private static StackException Decided() => new(N("It was decided already."));

    private static string Cut(string note)
    {
        var text = string.Concat(note.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length <= LongestNote ? text : text[..LongestNote] + "…";
    }

    // In English, as it is recorded.
    private static async Task<string?> WhyNotAsync(
        PortalDbContext database, ClaimsPrincipal user, Deployment row, CancellationToken cancellationToken)
    {
        var id = user.UserId();
        if (id == row.ActorId || id == row.AskedById)
        {
            return N("Who asked for it can't approve it: a second person does.");
        }

        if (await database.Users.Where(person => person.Id == id).Select(person => person.IsServiceAccount)
            .SingleOrDefaultAsync(cancellationToken))
        {
            return N("A person approves, not a service account: whoever made that could be who asked.");
        }

        var isAuthor = row.ActorId is null && await database.StackRevisions.AnyAsync(
            revision => revision.StackId == row.StackId && revision.Number == row.Revision && revision.AuthorId == id, cancellationToken);
        return isAuthor ? N("It runs with the rights of the revision's author, who can't approve it: a second person does.") : null;
    }

    private async Task EnsureOtherAsync(
        ClaimsPrincipal user, Deployment row, Actor actor, string action, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await WhyNotAsync(database, user, row, cancellationToken) is { } reason)
        {
            await RecordAsync(actor, action, row, AuditEntry.Join($"revision {row.Revision}, {row.Id}", reason), AuditOutcome.Denied);
            throw new StackException(reason);
        }
    }

    private async Task<(Deployment Row, Actor Actor)> FindAsync(
        ClaimsPrincipal user, Guid id, string permission, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (row is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, row.Scope(), cancellationToken))
        {
            throw new StackException(N("There is no such deployment any more."));
        }

        return (row, await authorizer.EnsureAsync(user, permission, row.Scope(), cancellationToken));
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(
        Actor actor, string action, Deployment row, string detail, AuditOutcome outcome = AuditOutcome.Succeeded) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", $"{row.StackId}", row.StackName, row.AuditNode(), outcome, detail), CancellationToken.None);
}
