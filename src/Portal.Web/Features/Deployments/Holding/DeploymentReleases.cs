using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Environments.Rules;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>Lets deployments go on that were held.</summary>
/// <remarks>Singleton; any thread. Of two that decide at once over one deployment the first counts.</remarks>
internal sealed class DeploymentReleases(IDbContextFactory<PortalDbContext> contexts, DeploymentSignal signal, TimeProvider time)
{
    /// <summary>Lets one begin that was in a state, now or when the next window opens.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="from">The state in which it must still be.</param>
    /// <param name="change">What else is written, before it goes on; it may throw.</param>
    /// <param name="overridesWindow">It begins whether or not a window is open.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How it stands then; null when it was in another state already.</returns>
    public async Task<Deployment?> ReleaseAsync(
        Guid id, DeploymentState from, Action<Deployment, DateTimeOffset> change, bool overridesWindow,
        CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(database, id, cancellationToken) is not { } found || found.Row.State != from.ToString())
        {
            return null;
        }

        var (row, stack) = found;
        var now = time.GetUtcNow();
        change(row, now);
        if (!DeploymentHold.Skip(row, stack))
        {
            var rules = await EnvironmentRules.OfAsync(database, row, cancellationToken);
            await DeploymentHold.AdmitAsync(database, row, stack, rules, overridesWindow, now, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
        return row;
    }

    /// <summary>Ends one that was in a state.</summary>
    /// <returns>How it stands then; null when it was in another state already.</returns>
    public async Task<Deployment?> EndAsync(
        Guid id, DeploymentState from, Func<PortalDbContext, Deployment, DateTimeOffset, Task> change, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(database, id, cancellationToken) is not { } found || found.Row.State != from.ToString())
        {
            return null;
        }

        var now = time.GetUtcNow();
        await change(database, found.Row, now);
        found.Row.FinishedAt = now;
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found.Row;
    }

    // The stack's row first, as everything that queues does.
    private static async Task<(Deployment Row, Stack Stack)?> LockAsync(
        PortalDbContext database, Guid id, CancellationToken cancellationToken)
    {
        var stack = (await database.Stacks.FromSql($"""
            select * from stacks where id = (select stack_id from deployments where id = {id}) for update
            """).ToListAsync(cancellationToken)).SingleOrDefault();
        var row = (await database.Deployments.FromSql($"select * from deployments where id = {id} for update")
            .ToListAsync(cancellationToken)).SingleOrDefault();
        return stack is null || row is null ? null : (row, stack);
    }
}
