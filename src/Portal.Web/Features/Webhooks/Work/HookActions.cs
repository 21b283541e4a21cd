using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Payloads;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>Does what a delivery asks for: a look at the stack's repository, or a deployment.</summary>
/// <remarks>
/// Singleton; any thread. At least once: a portal that dies between a deployment and the note of it leaves the delivery to another, which looks for
/// the deployment first. What a delivery says is believed as little as it can be: it only makes the portal look or deploy what it would deploy
/// anyhow.
/// </remarks>
internal sealed class HookActions(
    IDbContextFactory<PortalDbContext> contexts, IStackSources sources, IDeployments deployments, StackImages images,
    FollowedImages rules, ImageTaking taking)
{
    // A server may not serve yet what it has just told of.
    private const int MostLooks = 3;

    /// <summary>Does it.</summary>
    /// <exception cref="HookException">It can't be done, now or later.</exception>
    public async Task<HookOutcome> RunAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var hook = await database.Webhooks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == delivery.WebhookId, cancellationToken)
            ?? throw new HookException(N("The webhook was removed."));
        var stack = await database.Stacks.AsNoTracking().SingleAsync(row => row.Id == hook.StackId, cancellationToken);
        if (!hook.Enabled)
        {
            return new HookOutcome(HookState.Ignored, N("The webhook was switched off meanwhile."));
        }

        var provider = HookProviders.Find(hook.Provider) ?? throw new HookException(E("There is no provider '{0}'.", hook.Provider));
        var filters = HookFilters.Parse(hook.Filters);
        var message = Read(provider.Provider, delivery);
        if (filters.WhyNot(message) is { } reason)
        {
            return new HookOutcome(HookState.Ignored, reason);
        }

        var counting = message.Events.Where(happened => filters.WhyNot(happened) is null).ToList();
        return provider.Kind == HookProviderKind.Registry
            ? await UpdateImagesAsync(stack, hook, delivery, counting, cancellationToken)
            : await FollowAsync(stack, hook, delivery, counting[0], cancellationToken);
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
                await DeployAsync(stack, hook, delivery, DeploymentCause.Webhook, happened.Text, null, cancellationToken),
            StackRefreshOutcome.Unchanged => new HookOutcome(HookState.Ignored, refresh.Message),
            StackRefreshOutcome.Changed => await FindDeploymentAsync(stack.Id, refresh.Revision, cancellationToken) is { } made
                ? new HookOutcome(HookState.Done, happened.Text, made)
                : await DeployAsync(stack, hook, delivery, DeploymentCause.Webhook, happened.Text, refresh.Revision, cancellationToken),
            _ when delivery.Attempts < MostLooks => throw new HookRetryException(refresh.Message),
            _ => new HookOutcome(HookState.Failed, refresh.Message),
        };
    }

    private async Task<HookOutcome> UpdateImagesAsync(
        Stack stack, Webhook hook, WebhookDelivery delivery, List<HookEvent> pushed, CancellationToken cancellationToken)
    {
        if (await TakeTagsAsync(stack, hook, delivery, pushed, cancellationToken) is { } outcome)
        {
            return outcome;
        }

        var used = await images.ReadAsync(stack, cancellationToken);
        var match = pushed.FirstOrDefault(happened => used.Any(image => image.Is(happened.Registry, happened.Repository, happened.Name)));
        return match is null
            ? new HookOutcome(HookState.Ignored, E("No service of the stack uses {0}.", pushed[0].Text))
            : await DeployAsync(stack, hook, delivery, DeploymentCause.Image, match.Text, null, cancellationToken);
    }

    /// <summary>Where a rule of the stack lets a pushed tag count, the registry is asked which is the newest now.</summary>
    /// <returns>Null where no rule is about what was pushed.</returns>
    private async Task<HookOutcome?> TakeTagsAsync(
        Stack stack, Webhook hook, WebhookDelivery delivery, List<HookEvent> pushed, CancellationToken cancellationToken)
    {
        try
        {
            var followed = await rules.ReadAsync(stack.Id, cancellationToken);
            var meant = followed.Services.Where(service => service is { Rule: not null, Problem: "" })
                .SelectMany(service => pushed.Where(happened => Means(service, happened)).Select(happened => (service.Service, happened)))
                .ToList();
            if (meant.Count == 0)
            {
                return null;
            }

            // Whoever queued it and died before noting that has left nothing to take.
            if (delivery.Attempts > 1 && await FindDeploymentAsync(stack.Id, Mark(delivery), cancellationToken) is { } known)
            {
                return new HookOutcome(HookState.Done, meant[0].happened.Text, known);
            }

            var found = await rules.LookAsync(followed, isAsked: false, cancellationToken);
            var taken = await taking.TakeAsync(followed, found, null, cancellationToken);
            if (taken.Revision is { } revision)
            {
                return await DeployAsync(
                    stack, hook, delivery, DeploymentCause.Image, taken.Text, revision, PullPolicy.Missing, cancellationToken);
            }

            var choices = found.Where(one => meant.Any(service => service.Service == one.Service.Service)).ToList();
            var why = choices.Select(one => one.Problem.Length > 0 ? one.Problem : one.Choice?.Why ?? "")
                .FirstOrDefault(text => text.Length > 0);
            var text = $"{meant[0].happened.Text}: {(taken.Problem.Length > 0 ? taken.Problem : why)}";

            // It may not be in the list yet that the registry gives out.
            var isEarly = choices.Any(one => one.Choice is { } choice
                && meant.Any(pair => pair.Service == one.Service.Service && IsNewer(one.Service, pair.happened.Name, choice.Newest)));
            return (isEarly || choices.Any(one => one.Problem.Length > 0)) && delivery.Attempts < MostLooks
                ? throw new HookRetryException(text) : new HookOutcome(HookState.Ignored, text);
        }
        catch (StackException failure)
        {
            throw delivery.Attempts < MostLooks ? new HookRetryException(failure.Message) : new HookException(failure.Message, failure);
        }
    }

    private static bool IsNewer(FollowedService service, string tag, string than)
    {
        var read = service.Rule!.Reader();
        return read(tag).Key is { } key && key.CompareTo(read(than).Key) > 0;
    }

    private static bool Means(FollowedService service, HookEvent happened) =>
        (StackImage.Parse(service.Image) with { Tag = happened.Name }).Is(happened.Registry, happened.Repository, happened.Name)
        && service.Rule!.Reader()(happened.Name).Key is not null;

    private Task<HookOutcome> DeployAsync(
        Stack stack, Webhook hook, WebhookDelivery delivery, DeploymentCause cause, string text, int? revision,
        CancellationToken cancellationToken) =>
        DeployAsync(stack, hook, delivery, cause, text, revision, PullPolicy.Always, cancellationToken);

    private async Task<HookOutcome> DeployAsync(
        Stack stack, Webhook hook, WebhookDelivery delivery, DeploymentCause cause, string text, int? revision, PullPolicy pull,
        CancellationToken cancellationToken)
    {
        var mark = Mark(delivery);
        if (delivery.Attempts > 1 && await FindDeploymentAsync(stack.Id, mark, cancellationToken) is { } known)
        {
            return new HookOutcome(HookState.Done, text, known);
        }

        var order = new DeploymentOrder(
            stack.Id, revision, cause, E("{0:said}, delivery {1}", text, delivery.Id), null, $"webhook '{hook.Name}'", pull);
        return new HookOutcome(HookState.Done, text, await deployments.EnqueueAsync(order, cancellationToken));
    }

    private static string Mark(WebhookDelivery delivery) => $"delivery {delivery.Id}";

    private async Task<Guid?> FindDeploymentAsync(Guid stackId, string mark, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Deployments.AsNoTracking()
            .Where(row => row.StackId == stackId && row.CauseText.EndsWith(mark))
            .Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
    }

    // The revision is new: who made it may have queued it too.
    private async Task<Guid?> FindDeploymentAsync(Guid stackId, int revision, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Deployments.AsNoTracking()
            .Where(row => row.StackId == stackId && row.Revision == revision)
            .OrderByDescending(row => row.CreatedAt)
            .Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
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
