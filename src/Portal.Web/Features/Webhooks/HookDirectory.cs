using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Webhooks.Receiving;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Webhooks;

/// <summary>
/// Lists and changes webhooks and shows their deliveries. Where a webhook counts is the node of its stack. To change one takes
/// <c>stacks.deploy</c> there besides <c>hooks.edit</c>: it deploys without anybody being asked again.
/// </summary>
/// <remarks>Singleton; any thread. A secret comes out when it is made, and never again.</remarks>
internal sealed partial class HookDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    IAuthorizer authorizer,
    HookSecrets secrets,
    DeliveryStore store,
    HookSignal signal,
    IAuditLog audit,
    TimeProvider time)
{
    private const int LongestName = 128;

    /// <summary>Those that the user may see, by stack and name.</summary>
    public async Task<IReadOnlyList<HookLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from hook in database.Webhooks.AsNoTracking()
            join stack in database.Stacks.AsNoTracking() on hook.StackId equals stack.Id
            select new
            {
                hook, stack,
                last = database.WebhookDeliveries.Where(row => row.WebhookId == hook.Id).OrderByDescending(row => row.ReceivedAt)
                    .Select(row => new WebhookDelivery
                    {
                        Id = row.Id, WebhookId = row.WebhookId, ReceivedAt = row.ReceivedAt, Event = row.Event, State = row.State,
                        Detail = row.Detail,
                    }).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows
            .Where(row => access.Allows(PermissionNames.HooksView, row.stack.Scope()))
            .OrderBy(row => row.stack.Name, StringComparer.Ordinal).ThenBy(row => row.hook.Name, StringComparer.OrdinalIgnoreCase)
            .Select(row => new HookLine(WithoutSecret(row.hook), row.stack, row.last))];
    }

    /// <summary>A webhook; null where there is none that the user may see.</summary>
    public async Task<HookLine?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await OpenAsync(database, id, cancellationToken) is var (hook, stack)
            && await authorizer.IsAllowedAsync(user, PermissionNames.HooksView, stack.Scope(), cancellationToken)
            ? new HookLine(WithoutSecret(hook), stack, null) : null;
    }

    /// <summary>Makes one, switched on.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="HookException">It is wrong.</exception>
    public async Task<HookMade> CreateAsync(ClaimsPrincipal user, HookDraft draft, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == draft.StackId, cancellationToken);
        var actor = await EnsureAsync(user, stack, cancellationToken);
        Refuse(draft);
        var now = time.GetUtcNow();
        var secret = HookSecrets.Create(draft.Provider);
        var hook = new Webhook
        {
            // All of it random, unlike other ids: it is in the address.
            Id = Guid.NewGuid(), StackId = stack!.Id, Provider = HookProviders.NameOf(draft.Provider), Enabled = true, CreatedAt = now,
            AuthorId = actor.UserId, AuthorName = actor.UserName, Name = draft.Name.Trim(), Filters = draft.Filters.ToJson(),
            SecretChangedAt = now,
        };
        hook.KeptSecret = secrets.Protect(hook.Id, secret);
        database.Webhooks.Add(hook);
        await SaveAsync(database, hook, cancellationToken);
        await RecordAsync(actor, "webhook.create", hook, stack, hook.Provider);
        return new HookMade(hook.Id, secret);
    }

    /// <summary>Changes name and filters; stack and provider stay.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="HookException">It is wrong.</exception>
    public Task<bool> UpdateAsync(ClaimsPrincipal user, Guid id, HookDraft draft, CancellationToken cancellationToken) =>
        ChangeAsync(user, id, "webhook.update", hook =>
        {
            if (hook.StackId != draft.StackId || hook.Provider != HookProviders.NameOf(draft.Provider))
            {
                throw new HookException(N("A webhook keeps its stack and its provider. Make another one."));
            }

            Refuse(draft);
            (hook.Name, hook.Filters) = (draft.Name.Trim(), draft.Filters.ToJson());
            return "";
        }, cancellationToken);

    /// <summary>Switches it on or off.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public Task<bool> SetEnabledAsync(ClaimsPrincipal user, Guid id, bool enabled, CancellationToken cancellationToken) =>
        ChangeAsync(user, id, enabled ? "webhook.enable" : "webhook.disable", hook =>
        {
            hook.Enabled = enabled;
            return "";
        }, cancellationToken);

    /// <summary>Gives it another secret; the one before is good no more.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<HookMade?> RotateAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var secret = "";
        var found = await ChangeAsync(user, id, "webhook.rotate", hook =>
        {
            secret = HookSecrets.Create((HookProviders.Find(hook.Provider) ?? HookProviders.Of(HookProvider.Generic)).Provider);
            (hook.KeptSecret, hook.SecretChangedAt) = (secrets.Protect(hook.Id, secret), time.GetUtcNow());
            return "";
        }, cancellationToken);
        return found ? new HookMade(id, secret) : null;
    }

    /// <summary>Removes it with its deliveries.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OpenAsync(database, id, cancellationToken) is not var (hook, stack))
        {
            return false;
        }

        var actor = await EnsureAsync(user, stack, cancellationToken);
        await database.Webhooks.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        await RecordAsync(actor, "webhook.remove", hook, stack, "");
        return true;
    }

    private async Task<bool> ChangeAsync(
        ClaimsPrincipal user, Guid id, string action, Func<Webhook, string> change, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OpenAsync(database, id, cancellationToken) is not var (hook, stack))
        {
            return false;
        }

        var actor = await EnsureAsync(user, stack, cancellationToken);
        var detail = change(hook);
        await SaveAsync(database, hook, cancellationToken);
        await RecordAsync(actor, action, hook, stack, detail);
        return true;
    }

    private static async Task<(Webhook Hook, Stack Stack)?> OpenAsync(
        PortalDbContext database, Guid id, CancellationToken cancellationToken)
    {
        var hook = await database.Webhooks.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return hook is null ? null
            : (hook, await database.Stacks.AsNoTracking().SingleAsync(row => row.Id == hook.StackId, cancellationToken));
    }

    // Who names a stack that is not there is told what who may not is told.
    private async Task<Actor> EnsureAsync(ClaimsPrincipal user, Stack? stack, CancellationToken cancellationToken)
    {
        var scope = stack is null ? AccessScope.Everything : stack.Scope();
        await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, scope, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.HooksEdit, scope, cancellationToken);
        return stack is null ? throw new HookException(N("There is no such stack any more.")) : actor;
    }

    private static void Refuse(HookDraft draft)
    {
        var problems = draft.Filters.Problems(HookProviders.Of(draft.Provider)).ToList();
        if (draft.Name.Trim().Length is 0 or > LongestName || draft.Name.Any(char.IsControl))
        {
            problems.Insert(0, E("The name needs 1 to {0} characters.", LongestName));
        }

        if (problems.Count > 0)
        {
            throw new HookException(string.Join(' ', problems));
        }
    }

    private static async Task SaveAsync(PortalDbContext database, Webhook hook, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new HookException(E("The stack has a webhook '{0}' already.", hook.Name), failure);
        }
        catch (DbUpdateException failure)
            when (failure is DbUpdateConcurrencyException
                || failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new HookException(N("The webhook or its stack was removed meanwhile."), failure);
        }
    }

    private static Webhook WithoutSecret(Webhook hook)
    {
        hook.KeptSecret = "";
        return hook;
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Webhook hook, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(
            actor, action, "webhook", hook.Id.ToString(), $"{stack.Name}/{hook.Name}", stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
