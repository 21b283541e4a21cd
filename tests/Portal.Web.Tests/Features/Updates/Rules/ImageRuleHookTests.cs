using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Updates.Tags;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Tests.Features.Webhooks;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>What a registry's webhook brings to a stack whose services follow rules.</summary>
public sealed class ImageRuleHookTests(ImageRulePortal portal) : IClassFixture<ImageRulePortal>
{
    [Fact]
    public async Task Push_OfATagThatCounts_TakesWhatTheRegistryItselfSaysIsNewest()
    {
        var (bench, hook) = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0", "1.3.1");

        var outcome = await TellAsync(bench, hook, "1.3.0");
        Assert.True(await bench.Deployments.WorkAsync());

        Assert.Equal((HookState.Done, (await bench.AllAsync())[0].Id), (outcome.State, outcome.DeploymentId));
        Assert.True(bench.Runs("r.example/web:1.3.1"));
    }

    [Fact]
    public async Task Push_OfATagThatDoesNotCountOrIsNotNewer_DeploysNothing()
    {
        var (bench, hook) = await FollowAsync();
        bench.Tags("1.1.0", "1.2.0", "2.0.0");

        var other = await TellAsync(bench, hook, "2.0.0");
        var older = await TellAsync(bench, hook, "1.1.0");

        Assert.Equal((HookState.Ignored, HookState.Ignored), (other.State, older.State));
        Assert.Single(await bench.AllAsync());
    }

    [Fact]
    public async Task Push_OfATagThatTheRegistryDoesNotListYet_IsLookedForAgain()
    {
        var (bench, hook) = await FollowAsync();
        bench.Tags("1.2.0");

        await Assert.ThrowsAsync<HookRetryException>(() => TellAsync(bench, hook, "1.3.0"));
        var last = await TellAsync(bench, hook, "1.3.0", attempts: 3);
        bench.Tags("1.2.0", "1.3.0");
        var found = await TellAsync(bench, hook, "1.3.0", attempts: 2);

        Assert.Equal((HookState.Ignored, HookState.Done), (last.State, found.State));
    }

    [Fact]
    public async Task Push_ToldAgainAfterThePortalDied_IsTheDeploymentThatItCaused()
    {
        var (bench, hook) = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0");
        var delivery = Guid.CreateVersion7();

        var first = await TellAsync(bench, hook, "1.3.0", delivery: delivery);
        var again = await TellAsync(bench, hook, "1.3.0", attempts: 2, delivery: delivery);

        Assert.NotNull(first.DeploymentId);
        Assert.Equal(first.DeploymentId, again.DeploymentId);
        Assert.Equal(2, (await bench.AllAsync()).Count);
    }

    private static async Task<HookOutcome> TellAsync(ImageRuleBench bench, Webhook hook, string tag, int attempts = 1, Guid? delivery = null) =>
        await new HookActions(
            bench.Contexts, new FakeStackSources(), bench.Service<IDeployments>(), bench.Service<StackImages>(), bench.Images, bench.Taking).RunAsync(
            new WebhookDelivery
            {
                Id = delivery ?? Guid.CreateVersion7(), WebhookId = hook.Id, Attempts = attempts,
                Body = Encoding.UTF8.GetBytes(HookPayloads.Harbor.Replace("octo/shop:stable", $"web:{tag}", StringComparison.Ordinal)
                    .Replace("\"stable\"", $"\"{tag}\"", StringComparison.Ordinal).Replace("harbor.example.com", "r.example", StringComparison.Ordinal)
                    .Replace("octo/shop", "web", StringComparison.Ordinal)),
            },
            default);

    private async Task<(ImageRuleBench Bench, Webhook Hook)> FollowAsync()
    {
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, "services: {web: {image: 'r.example/web:1.2.0'}}");
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Version, "^1"), default);
        var hook = new Webhook
        {
            Id = Guid.NewGuid(), StackId = bench.StackId, Name = "pushes", Provider = HookProviders.NameOf(HookProvider.Harbor), Enabled = true,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        await using var database = await bench.Contexts.CreateDbContextAsync();
        database.Webhooks.Add(hook);
        await database.SaveChangesAsync();
        return (bench, hook);
    }
}
