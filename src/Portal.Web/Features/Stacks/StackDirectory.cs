using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Model;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Node;
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
        return [.. known.Where(stack => access.Allows(PermissionNames.StacksView, AccessScope.Node(stack.NodeId)))];
    }

    /// <summary>A stack with its revisions, newest first and without values; null where there is none that the user may see.</summary>
    public async Task<(Stack Stack, IReadOnlyList<StackRevision> Revisions)?> FindAsync(
        ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken);
        if (stack is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, AccessScope.Node(stack.NodeId), cancellationToken))
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
        var nodeId = await database.Stacks.Where(stack => stack.Id == id).Select(stack => (Guid?)stack.NodeId)
            .SingleOrDefaultAsync(cancellationToken);
        if (nodeId is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, AccessScope.Node(nodeId.Value), cancellationToken))
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
        var (_, nodeId, values) = await OpenAsync(database, user, draft, cancellationToken);
        if (StackFileRules.ProblemOf(draft.Files) is { } wrong)
        {
            throw new StackException(wrong);
        }

        return StackCheck.Of(draft.Name, draft.Files, values, fleet.Current.Nodes.GetValueOrDefault(nodeId));
    }

    /// <summary>Writes a revision.</summary>
    /// <returns>The stack.</returns>
    /// <exception cref="AccessDeniedException">The user may not edit stacks there.</exception>
    /// <exception cref="StackException">It is wrong, or somebody was faster.</exception>
    public async Task<Guid> SaveAsync(ClaimsPrincipal user, StackDraft draft, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, nodeId, values) = await OpenAsync(database, user, draft, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, AccessScope.Node(nodeId), cancellationToken);
        Refuse(draft, values);
        await KeepFetchedAsync(database, draft, cancellationToken);
        var now = time.GetUtcNow();
        if (stack is null)
        {
            stack = new Stack { Id = Guid.CreateVersion7(now), Name = draft.Name, NodeId = nodeId, NodeName = NameOf(nodeId),
                CreatedAt = now };
            database.Stacks.Add(stack);
        }

        stack.Revision = draft.Basis + 1;
        var revision = new StackRevision
        {
            StackId = stack.Id,
            Number = stack.Revision,
            AuthorId = actor.UserId,
            AuthorName = actor.UserName,
            AuthorReach = user.TokenIdOf() is null ? null : await ReachAsync(user, nodeId, cancellationToken),
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
                ? $"There is a stack '{draft.Name}' on this node already."
                : "Somebody else has changed the stack meanwhile. Open it again, and make your change to what it says now.", failure);
        }

        await RecordAsync(actor, draft.Id is null ? "stack.create" : "stack.update", stack, $"revision {stack.Revision}");
        return stack.Id;
    }

    /// <summary>Forgets a stack with its revisions. What runs of it goes on.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit stacks there.</exception>
    /// <exception cref="StackException">Something of it is being deployed.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await database.Stacks.SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken) is not { } stack)
        {
            return;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, AccessScope.Node(stack.NodeId), cancellationToken);
        if (await database.Deployments.AnyAsync(row => row.StackId == id && row.FinishedAt == null, cancellationToken))
        {
            throw new StackException($"A deployment of '{stack.Name}' is under way. Cancel it, or wait until it has ended.");
        }

        database.Stacks.Remove(stack);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "stack.delete", stack, "");
    }

    // The node of a stack that is there is the stack's, whatever the draft says: who may edit elsewhere may not edit here.
    private async Task<(Stack? Stack, Guid NodeId, Dictionary<string, string> Values)> OpenAsync(
        PortalDbContext database, ClaimsPrincipal user, StackDraft draft, CancellationToken cancellationToken)
    {
        Stack? stack = null;
        if (draft.Id is { } id)
        {
            stack = await database.Stacks.SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken);
        }

        var nodeId = stack?.NodeId ?? draft.NodeId;
        await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, AccessScope.Node(nodeId), cancellationToken);
        if (draft.Id is not null && stack is null)
        {
            throw new StackException("There is no such stack any more.");
        }

        if (draft.Name != (stack?.Name ?? draft.Name))
        {
            throw new StackException("A stack keeps its name: its containers have it.");
        }

        var kept = stack is null ? "" : await database.StackRevisions
            .Where(revision => revision.StackId == stack.Id && revision.Number == draft.Basis)
            .Select(revision => revision.KeptValues).SingleOrDefaultAsync(cancellationToken) ?? "";
        var (values, problem) = StackValues.Apply(stack is null ? [] : secrets.Unprotect(stack.Id, kept), draft.Values);
        return (stack, nodeId, values ?? throw new StackException(problem!));
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
                "The stack's files come from Git: change them there, or take the source away first. Values can be changed here.");
        }
    }

    private void Refuse(StackDraft draft, Dictionary<string, string> values)
    {
        var problem = !ProjectNames.IsRight(draft.Name)
            ? "A name has lower-case letters, digits, '-' and '_', and begins with a letter or digit."
            : StackFileRules.ProblemOf(draft.Files) is { } wrong ? wrong
            : draft.Message.Length > LongestMessage ? $"A message has up to {LongestMessage} characters."
            : draft.Id is null && !fleet.Current.Nodes.ContainsKey(draft.NodeId) ? "There is no such node any more."
            : StackCheck.Of(draft.Name, draft.Files, values, null).IsRight ? null
            : "The files are not right yet: see what is said of them.";
        if (problem is not null)
        {
            throw new StackException(problem);
        }
    }

    // What nobody asked for is deployed in the author's name: a token that may do less must not write what its owner may.
    private async Task<string[]> ReachAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return [.. DeploymentRights.HostReach.Where(name => access.Allows(name, AccessScope.Node(nodeId)))];
    }

    private string NameOf(Guid nodeId) => fleet.Current.Nodes.GetValueOrDefault(nodeId)?.Name ?? nodeId.ToString();

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", stack.Id.ToString(), stack.Name, stack.NodeId, AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
