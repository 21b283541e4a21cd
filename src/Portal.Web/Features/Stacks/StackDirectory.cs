using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Model;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stacks;

/// <summary>Keeps stacks: each change is a revision of its own.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    IAuthorizer authorizer,
    StackSecrets secrets,
    IFleet fleet,
    IAuditLog audit,
    TimeProvider time)
{
    private const int LongestMessage = 512;

    /// <summary>Those that the user may see.</summary>
    public async Task<IReadOnlyList<Stack>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await database.Stacks.AsNoTracking().ToListAsync(cancellationToken);
        return [.. known.Where(stack => access.Allows(PermissionNames.StacksView, stack.Scope()))];
    }

    /// <summary>A stack with its revisions, newest first and without values; null where there is none that the user may see.</summary>
    public async Task<(Stack Stack, IReadOnlyList<StackRevision> Revisions)?> FindAsync(
        ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken);
        if (stack is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken))
        {
            return null;
        }

        var revisions = await database.StackRevisions.AsNoTracking().Where(revision => revision.StackId == id)
            .OrderByDescending(revision => revision.Number).ToListAsync(cancellationToken);
        revisions.ForEach(revision => revision.KeptValues = "");
        return (stack, revisions);
    }

    /// <summary>The files of a revision; null when there is none that the user may see.</summary>
    public async Task<StackFileSet?> ReadFilesAsync(ClaimsPrincipal user, Guid id, int number, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken);
        if (stack is null || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken))
        {
            return null;
        }

        var revision = await database.StackRevisions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == id && row.Number == number, cancellationToken);
        return revision is null ? null : await StackFileStore.ReadAsync(database, revision, cancellationToken);
    }

    /// <summary>What the draft would mean, with the values that are kept.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit stacks there.</exception>
    /// <exception cref="StackException">The values can't be read.</exception>
    public async Task<StackCheck> CheckAsync(ClaimsPrincipal user, StackDraft draft, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (_, place, values) = await OpenAsync(database, user, draft, cancellationToken);
        if (StackFileRules.ProblemOf(draft.Files) is { } wrong)
        {
            throw new StackException(wrong);
        }

        return StackCheck.Of(draft.Name, draft.Files, values, place, fleet.Current);
    }

    /// <summary>Writes a revision.</summary>
    /// <returns>The stack.</returns>
    /// <exception cref="AccessDeniedException">The user may not edit stacks there.</exception>
    /// <exception cref="StackException">It is wrong, or somebody was faster.</exception>
    public async Task<Guid> SaveAsync(ClaimsPrincipal user, StackDraft draft, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, place, values) = await OpenAsync(database, user, draft, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, place.Scope(), cancellationToken);
        Refuse(draft, place, values);
        await KeepFetchedAsync(database, draft, cancellationToken);
        var now = time.GetUtcNow();
        if (stack is null)
        {
            stack = place;
            (stack.Id, stack.Name, stack.CreatedAt) = (Guid.CreateVersion7(now), draft.Name, now);
            stack.NodeName = await NameOfAsync(database, place, cancellationToken);
            await RefuseNameAsync(database, stack, cancellationToken);
            database.Stacks.Add(stack);
        }

        stack.Revision = draft.Basis + 1;
        var revision = new StackRevision
        {
            StackId = stack.Id,
            Number = stack.Revision,
            AuthorId = actor.UserId,
            AuthorName = actor.UserName,
            AuthorReach = user.TokenIdOf() is null ? null : await ReachAsync(user, stack, cancellationToken),
            Message = draft.Message.Trim(),
            CreatedAt = now,
            ValueNames = string.Join(' ', values.Keys.Order(StringComparer.Ordinal)),
            KeptValues = secrets.Protect(stack.Id, values),
            Images = await database.StackRevisions.Where(row => row.StackId == stack.Id && row.Number == draft.Basis)
                .Select(row => row.Images).SingleOrDefaultAsync(cancellationToken) ?? "{}",
        };
        await StackFileStore.AddAsync(database, revision, draft.Files, cancellationToken);
        database.StackRevisions.Add(revision);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.InnerException is Npgsql.PostgresException { SqlState: "23505" })
        {
            throw new StackException(draft.Id is null
                ? E("There is a stack '{0}' there already.", draft.Name)
                : N("Somebody else has changed the stack meanwhile. Open it again, and make your change to what it says now."), failure);
        }

        await RecordAsync(actor, draft.Id is null ? "stack.create" : "stack.update", stack, $"revision {stack.Revision}");
        return stack.Id;
    }

    /// <summary>Forgets a stack with its revisions. What runs of it goes on.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit stacks there.</exception>
    /// <exception cref="StackException">Something of it is being deployed, or a lost node is yet to be told of its end.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await database.Stacks.SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken) is not { } stack)
        {
            return;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, stack.Scope(), cancellationToken);
        if (await database.Deployments.AnyAsync(row => row.StackId == id && row.FinishedAt == null, cancellationToken))
        {
            throw new StackException(E("A deployment of '{0}' is under way. Cancel it, or wait until it has ended.", stack.Name));
        }

        if (await MissedMoves.NodesAsync(database, stack, cancellationToken) is { Count: > 0 } missed)
        {
            throw new StackException(E(
                "'{0}' is to be stopped or removed on lost nodes too when they are back: {1}. Wait for that, or remove those nodes.",
                stack.Name, string.Join(", ", missed.Select(name => $"'{name}'"))));
        }

        database.Stacks.Remove(stack);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "stack.delete", stack, "");
    }

    // The node of a stack that is there is the stack's, whatever the draft says: who may edit elsewhere may not edit here.
    private async Task<(Stack? Stack, Stack Place, Dictionary<string, string> Values)> OpenAsync(
        PortalDbContext database, ClaimsPrincipal user, StackDraft draft, CancellationToken cancellationToken)
    {
        Stack? stack = null;
        if (draft.Id is { } id)
        {
            stack = await database.Stacks.SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken);
        }

        var place = stack ?? new Stack
        {
            NodeId = draft.EnvironmentId is null ? draft.NodeId : Guid.Empty, EnvironmentId = draft.EnvironmentId,
        };
        await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, place.Scope(), cancellationToken);
        if (draft.Id is not null && stack is null)
        {
            throw new StackException(N("There is no such stack any more."));
        }

        if (draft.Name != (stack?.Name ?? draft.Name))
        {
            throw new StackException(N("A stack keeps its name: its containers have it."));
        }

        var kept = stack is null ? "" : await database.StackRevisions
            .Where(revision => revision.StackId == stack.Id && revision.Number == draft.Basis)
            .Select(revision => revision.KeptValues).SingleOrDefaultAsync(cancellationToken) ?? "";
        var (values, problem) = StackValues.Apply(stack is null ? [] : secrets.Unprotect(stack.Id, kept), draft.Values);
        return (stack, place, values ?? throw new StackException(problem!));
    }

    // The next look at the repository would write over what a person wrote, or the person over what was fetched.
    private static async Task KeepFetchedAsync(PortalDbContext database, StackDraft draft, CancellationToken cancellationToken)
    {
        if (!await database.StackSources.AnyAsync(source => source.StackId == draft.Id, cancellationToken))
        {
            return;
        }

        var fetched = await database.StackRevisions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == draft.Id && row.Number == draft.Basis, cancellationToken);
        if (fetched is not null && !draft.Files.IsSameAs(await StackFileStore.ReadAsync(database, fetched, cancellationToken)))
        {
            throw new StackException(
                N("The stack's files come from Git: change them there, or take the source away first. Values can be changed here."));
        }
    }

    private void Refuse(StackDraft draft, Stack place, Dictionary<string, string> values)
    {
        var problem = !ProjectNames.IsRight(draft.Name)
            ? N("A name has lower-case letters, digits, '-' and '_', and begins with a letter or digit.")
            : StackFileRules.ProblemOf(draft.Files) is { } wrong ? wrong
            : draft.Message.Length > LongestMessage ? E("A message has up to {0} characters.", LongestMessage)
            : draft.Id is null && place.EnvironmentId is null && !fleet.Current.Nodes.ContainsKey(draft.NodeId)
                ? N("There is no such node any more.")
            : StackCheck.Of(draft.Name, draft.Files, values, place, null).IsRight ? null
            : N("The files are not right yet: see what is said of them.");
        if (problem is not null)
        {
            throw new StackException(problem);
        }
    }

    // What nobody asked for is deployed in the author's name: a token that may do less must not write what its owner may.
    private async Task<string[]> ReachAsync(ClaimsPrincipal user, Stack stack, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return [.. DeploymentRights.HostReach.Where(name => access.Allows(name, stack.Scope()))];
    }

    private async Task<string> NameOfAsync(PortalDbContext database, Stack place, CancellationToken cancellationToken) =>
        place.EnvironmentId is not { } environment ? fleet.Current.Nodes.GetValueOrDefault(place.NodeId)?.Name ?? place.NodeId.ToString()
        : await database.Environments.Where(row => row.Id == environment).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken)
            ?? throw new StackException(N("There is no such environment any more."));

    // A stack over the nodes of an environment has its name on each of them. Nodes move: what is there is looked at before each deployment.
    private async Task RefuseNameAsync(PortalDbContext database, Stack stack, CancellationToken cancellationToken)
    {
        var nodes = RunningStacks.NodesOf(stack, fleet.Current).ToArray();
        var environments = stack.EnvironmentId is null ? nodes.Select(node => node.Environment?.Id).ToArray() : [];
        var ids = stack.EnvironmentId is null ? [] : nodes.Select(node => node.Id).ToArray();
        if (await database.Stacks.Where(other => other.Name == stack.Name)
            .FirstOrDefaultAsync(
                other => (other.EnvironmentId == null && ids.Contains(other.NodeId))
                    || (other.EnvironmentId != null && environments.Contains(other.EnvironmentId)),
                cancellationToken) is { } found)
        {
            throw new StackException(E(
                "There is a stack '{0}' on '{1}' already: names are unique over all nodes of a stack.", stack.Name, found.NodeName));
        }
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", stack.Id.ToString(), stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
