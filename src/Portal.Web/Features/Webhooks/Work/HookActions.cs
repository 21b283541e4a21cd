using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Payloads;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>Does what a delivery asks for: a look at the stack's repository.</summary>
/// <remarks>
/// Singleton; any thread. At least once: a portal that dies in the middle leaves the delivery to another, and a second look finds nothing new. What a
/// delivery says is not believed: it only makes the portal look.
/// </remarks>
internal sealed class HookActions(IDbContextFactory<PortalDbContext> contexts, IStackSources sources)
{
    // A server may not serve yet what it has just told of.
    private const int MostLooks = 3;

    /// <summary>Does it.</summary>
    /// <exception cref="HookException">It can't be done, now or later.</exception>
    public async Task<HookOutcome> RunAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var hook = await database.Webhooks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == delivery.WebhookId, cancellationToken)
            ?? throw new HookException("The webhook was removed.");
        var stack = await database.Stacks.AsNoTracking().SingleAsync(row => row.Id == hook.StackId, cancellationToken);
        if (!hook.Enabled)
        {
            return new HookOutcome(HookState.Ignored, "The webhook was switched off meanwhile.");
        }

        var provider = HookProviders.Find(hook.Provider) ?? throw new HookException($"There is no provider '{hook.Provider}'.");
        var filters = HookFilters.Parse(hook.Filters);
        var message = Read(provider.Provider, delivery);
        if (filters.WhyNot(message) is { } reason)
        {
            return new HookOutcome(HookState.Ignored, reason);
        }

        var counting = message.Events.Where(happened => filters.WhyNot(happened) is null).ToList();
        return await FollowAsync(stack, hook, delivery, counting[0], cancellationToken);
    }

    private async Task<HookOutcome> FollowAsync(
        Stack stack, Webhook hook, WebhookDelivery delivery, HookEvent happened, CancellationToken cancellationToken)
    {
        var actor = new Actor(Guid.Empty, $"webhook '{hook.Name}'", delivery.Address);
        var refresh = await sources.RefreshAsync(
            stack.Id, new StackRefreshReason(StackRefreshCause.Webhook, actor, happened.Text), cancellationToken);
        return refresh.Outcome switch
        {
            StackRefreshOutcome.NoSource =>
                new HookOutcome(HookState.Ignored, "The stack's files come from no repository, so there is nothing to look at."),
            StackRefreshOutcome.Unchanged => new HookOutcome(HookState.Ignored, refresh.Message),
            StackRefreshOutcome.Changed => new HookOutcome(HookState.Done, $"{happened.Text}: revision {refresh.Revision}"),
            _ when delivery.Attempts < MostLooks => throw new HookRetryException(refresh.Message),
            _ => new HookOutcome(HookState.Failed, refresh.Message),
        };
    }

    private static HookMessage Read(HookProvider provider, WebhookDelivery delivery)
    {
        try
        {
            return PayloadReader.Read(provider, HeaderMask.Parse(delivery.Headers), delivery.Body);
        }
        catch (HookPayloadException wrong)
        {
            throw new HookException(wrong.Message, wrong);
        }
    }
}
