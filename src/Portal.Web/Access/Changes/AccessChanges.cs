using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Audit;

namespace Portal.Web.Access.Changes;

/// <summary>
/// Makes changes of who may do what where, one at a time over all portals: so what was checked still holds when it is committed, and two
/// administrators can't remove each other at once. Each is on record, done or refused.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AccessChanges(IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, IAuditLog audit)
{
    /// <param name="user">Who makes it.</param>
    /// <param name="permission">What it takes, on everything.</param>
    /// <param name="action">As the audit log names it.</param>
    /// <param name="change">Makes it, within a transaction that is committed when there is no error.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<AccessChange> RunAsync(
        ClaimsPrincipal user,
        string permission,
        string action,
        Func<AccessWork, Task<AccessChange>> change,
        CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, permission, AccessScope.Everything, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await AccessInvariants.LockAsync(context, cancellationToken);

        // Read anew behind the lock: a change that was waited for may have taken it away.
        var work = new AccessWork(context, await authorizer.ReadAccessAsync(user, cancellationToken));
        var outcome = work.Own.Allows(permission, AccessScope.Everything) ? await change(work) : new AccessChange(N("You may not any more."));
        if (outcome.Error is null)
        {
            await context.SaveChangesAsync(cancellationToken);
            outcome = await AccessInvariants.CheckAsync(context, cancellationToken) is { } broken ? new AccessChange(broken) : outcome;
        }

        if (outcome.Error is null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
        }

        // Done or refused, it is on record, even when the page was left meanwhile.
        await audit.WriteAsync(work.ToEntry(actor, action, outcome.Error), CancellationToken.None);
        return outcome;
    }
}
