using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;

namespace Portal.Web.Features.Webhooks;

/// <summary>Deliveries: what came, and once more.</summary>
internal sealed partial class HookDirectory
{
    /// <summary>Deliveries of a webhook, newest first, without headers and bodies.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="hookId">The webhook.</param>
    /// <param name="before">Only those whose id is smaller; null for the newest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where there is no webhook that the user may see.</returns>
    public async Task<IReadOnlyList<WebhookDelivery>?> DeliveriesAsync(
        ClaimsPrincipal user, Guid hookId, Guid? before, int most, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, hookId, cancellationToken) is null)
        {
            return null;
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.WebhookDeliveries.AsNoTracking()
            .Where(row => row.WebhookId == hookId && (before == null || row.Id.CompareTo(before.Value) < 0))
            .OrderByDescending(row => row.Id).Take(most)
            .Select(row => new WebhookDelivery
            {
                Id = row.Id, WebhookId = row.WebhookId, SenderKey = row.SenderKey, RepeatsId = row.RepeatsId, RepeatedBy = row.RepeatedBy,
                ReceivedAt = row.ReceivedAt, Address = row.Address, Event = row.Event, Copies = row.Copies, State = row.State,
                Detail = row.Detail, DeploymentId = row.DeploymentId, Attempts = row.Attempts, DueAt = row.DueAt,
                FinishedAt = row.FinishedAt,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>A delivery with all that is kept of it; null where there is none that the user may see.</summary>
    public async Task<WebhookDelivery?> FindDeliveryAsync(ClaimsPrincipal user, Guid hookId, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, hookId, cancellationToken) is null)
        {
            return null;
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.WebhookDeliveries.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.WebhookId == hookId, cancellationToken);
    }

    /// <summary>Does what a delivery says once more, with the filters as they are now, as a delivery of its own.</summary>
    /// <returns>Its id; null where there is no such delivery.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="HookException">Its body was forgotten, or can't be read.</exception>
    public async Task<Guid?> RedeliverAsync(ClaimsPrincipal user, Guid hookId, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OpenAsync(database, hookId, cancellationToken) is not var (hook, stack))
        {
            return null;
        }

        var actor = await EnsureAsync(user, stack, cancellationToken);
        var old = await database.WebhookDeliveries.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.WebhookId == hookId, cancellationToken);
        if (old is null)
        {
            return null;
        }

        if (old.Body is null || old.State == HookState.Malformed)
        {
            throw new HookException(old.Body is null ? N("Its body was forgotten: it is too old.") : N("It can't be read, today as then."));
        }

        var now = time.GetUtcNow();
        var again = new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = hook.Id, RepeatsId = old.Id, RepeatedBy = actor.UserName, ReceivedAt = now,
            Address = actor.Address, Event = old.Event, Headers = old.Headers, Body = old.Body, State = HookState.Waiting, DueAt = now,
        };
        if (await store.AddAsync(again, cancellationToken) is null)
        {
            return null;
        }

        signal.Raise();
        await RecordAsync(actor, "webhook.redeliver", hook, stack, $"delivery {old.Id}");
        return again.Id;
    }
}
