using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Entities.Deployments;
using Portal.Testing;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>What deliveries cause.</summary>
[Collection(HookCollection.Name)]
public sealed class HookWorkTests(HookPortal portal)
{
    [Fact]
    public async Task Delivery_PortalDiesBetweenKeepingAndWork_IsDoneByTheNext()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        await portal.Application.StopAsync(default);
        try
        {
            // This one takes deliveries and dies, so to speak, before it works on them.
            using var sender = portal.CreateSender(portal.Portal.Address);
            Assert.Equal(202, (int)(await sender.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf()))).StatusCode);
            Assert.Equal(HookState.Waiting, Assert.Single(await portal.DeliveriesAsync(hook)).State);
        }
        finally
        {
            await portal.RestartAsync();
        }

        Assert.Equal(HookState.Done, (await portal.FinishedAsync(hook)).State);
        Assert.Single(portal.OrdersOf(stack));
    }

    [Fact]
    public async Task Delivery_WorkTakesLong_IsAnsweredBefore()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        var gate = portal.Sources.Gate = new TaskCompletionSource();
        try
        {
            using var sender = portal.CreateSender();
            var watch = Stopwatch.StartNew();
            using var answer = await sender.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf()));
            Assert.True(watch.Elapsed < TestSettings.Within(TimeSpan.FromSeconds(10)), $"{watch.Elapsed}");

            Assert.Equal(202, (int)answer.StatusCode);
            await Eventually.HoldsAsync(() => portal.Sources.Asked.Any(asked => asked.StackId == stack), "somebody works on it");
            Assert.Equal(HookState.Working, Assert.Single(await portal.DeliveriesAsync(hook)).State);
        }
        finally
        {
            portal.Sources.Gate = null;
            gate.SetResult();
        }

        Assert.Equal(HookState.Done, (await portal.FinishedAsync(hook)).State);
    }

    [Fact]
    public async Task Delivery_PushToARepositoryOfTheStack_DeploysTheRevisionThatCameOfIt()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        portal.Sources.Answers[stack] = () => new StackRefresh(StackRefreshOutcome.Changed, HookPayloads.Commit, 7, "Revision 7.");

        await SendAsync(hook, secret, HookPortal.PushOf());

        var delivery = await portal.FinishedAsync(hook);
        var (id, order) = Assert.Single(portal.OrdersOf(stack));
        Assert.Equal((id, 7), (delivery.DeploymentId!.Value, order.Revision));
        Assert.StartsWith("push to main (3f2c1ab9d0e8), delivery ", order.CauseText, StringComparison.Ordinal);
        Assert.Contains(portal.Sources.Asked, asked => asked == (stack, "push to main (3f2c1ab9d0e8)"));
    }

    [Fact]
    public async Task Delivery_TheLookHasQueuedItsRevision_IsNotDeployedTwice()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        var deployment = new Deployment
        {
            Id = Guid.CreateVersion7(), StackId = stack, NodeId = portal.NodeId, Cause = nameof(DeploymentCause.Webhook),
            State = "Succeeded", Revision = 7, CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        await using (var database = await portal.OpenAsync())
        {
            database.Deployments.Add(deployment);
            await database.SaveChangesAsync();
        }

        portal.Sources.Answers[stack] = () => new StackRefresh(StackRefreshOutcome.Changed, HookPayloads.Commit, 7, "Revision 7.");
        await SendAsync(hook, secret, HookPortal.PushOf());

        Assert.Equal(deployment.Id, (await portal.FinishedAsync(hook)).DeploymentId);
        Assert.Empty(portal.OrdersOf(stack));
    }

    [Fact]
    public async Task Delivery_NothingNewInTheRepository_DeploysNothing()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        portal.Sources.Answers[stack] = () => new StackRefresh(StackRefreshOutcome.Unchanged, HookPayloads.Commit, 1, "Nothing new.");

        await SendAsync(hook, secret, HookPortal.PushOf());

        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal((HookState.Ignored, "Nothing new."), (delivery.State, delivery.Detail));
        Assert.Empty(portal.OrdersOf(stack));
    }

    [Fact]
    public async Task Delivery_RepositoryDoesNotAnswer_IsTriedAgain()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        portal.Sources.Answers[stack] = () => new StackRefresh(StackRefreshOutcome.Failed, "", 1, "The server does not answer.");

        await SendAsync(hook, secret, HookPortal.PushOf());
        await Eventually.HoldsAsync(
            async () => (await portal.DeliveriesAsync(hook)) is [{ State: HookState.Waiting, Attempts: 1 }], "it waits to be tried again");
        portal.Sources.Answers[stack] = () => new StackRefresh(StackRefreshOutcome.Changed, HookPayloads.Commit, 2, "Revision 2.");

        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal((HookState.Done, 2), (delivery.State, delivery.Attempts));
    }

    [Fact]
    public async Task Delivery_OfABranchThatDoesNotCount_SaysSoAndAsksNobody()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub, new HookFilters { Branches = ["main"] });

        await SendAsync(hook, secret, HookPortal.PushOf("dev"));

        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal((HookState.Ignored, "The branch 'dev' is not one of those that count."), (delivery.State, delivery.Detail));
        Assert.DoesNotContain(portal.Sources.Asked, asked => asked.StackId == stack);
    }

    [Fact]
    public async Task Delivery_ImageThatTheStackDoesNotUse_SaysSo()
    {
        var stack = await portal.AddStackAsync("octo/other:stable");
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.Harbor, null, stack);
        using var message = HookPortal.Message(hook.ToString(), HookPayloads.Harbor);
        message.Headers.Authorization = new("Bearer", secret);
        using var sender = portal.CreateSender();
        using var answer = await sender.SendAsync(message);

        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal(HookState.Ignored, delivery.State);
        Assert.Contains("harbor.example.com/octo/shop:stable", delivery.Detail, StringComparison.Ordinal);
        Assert.Empty(portal.OrdersOf(stack));
    }

    [Fact]
    public async Task Redeliver_DoesItOnceMoreWithTheFiltersOfNow()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub, new HookFilters { Branches = ["main"] });
        await SendAsync(hook, secret, HookPortal.PushOf("dev"));
        var first = await portal.FinishedAsync(hook);
        var line = await portal.Directory.FindAsync(portal.Deployer, hook, default);
        await portal.Directory.UpdateAsync(
            portal.Deployer, hook, new HookDraft(stack, line!.Name, HookProvider.GitHub, new HookFilters { Branches = ["dev"] }), default);

        var again = await portal.Directory.RedeliverAsync(portal.Deployer, hook, first.Id, default);

        await Eventually.HoldsAsync(
            async () => (await portal.DeliveriesAsync(hook)).All(row => row.FinishedAt is not null), "both are finished");
        var second = (await portal.DeliveriesAsync(hook)).Single(row => row.Id == again);
        Assert.Equal((HookState.Done, first.Id, "hook-deployer"), (second.State, second.RepeatsId!.Value, second.RepeatedBy));
        Assert.Equal(DeploymentCause.Webhook, Assert.Single(portal.OrdersOf(stack)).Order.Cause);
    }

    [Fact]
    public async Task Delivery_PortalDiedBetweenTheDeploymentAndTheNoteOfIt_IsNotDeployedAgain()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        await SendAsync(hook, secret, HookPortal.PushOf());
        var delivery = await portal.FinishedAsync(hook);
        var deployment = Guid.CreateVersion7();
        await using (var database = await portal.OpenAsync())
        {
            database.Deployments.Add(new Deployment
            {
                Id = deployment, StackId = stack, NodeId = portal.NodeId, Cause = nameof(DeploymentCause.Webhook), State = "Succeeded",
                CauseText = $"push to main, delivery {delivery.Id}", CreatedAt = delivery.ReceivedAt,
            });
            await database.SaveChangesAsync();
            await database.WebhookDeliveries.Where(row => row.Id == delivery.Id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, HookState.Working).SetProperty(row => row.FinishedAt, (DateTimeOffset?)null)
                .SetProperty(row => row.Claim, Guid.NewGuid()).SetProperty(row => row.DueAt, delivery.ReceivedAt));
        }

        var again = await portal.FinishedAsync(hook);

        Assert.Equal((HookState.Done, deployment, 2), (again.State, again.DeploymentId!.Value, again.Attempts));
        Assert.Single(portal.OrdersOf(stack));
    }

    private async Task SendAsync(Guid hook, string secret, string body)
    {
        using var sender = portal.CreateSender();
        using var answer = await sender.SendAsync(HookPortal.GitHub(hook, secret, body));
        Assert.Equal(202, (int)answer.StatusCode);
    }
}
