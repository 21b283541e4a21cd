using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Updates.Policies;
using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>Rules of stacks that follow their images by themselves: at once or daily, held by what their environment asks for.</summary>
public sealed class ImageRulePolicyTests(ImageRulePortal portal) : IClassFixture<ImageRulePortal>
{
    private const string Files = "services: {web: {image: 'r.example/web:1.2.0'}}";

    [Fact]
    public async Task AtOnce_NewerTags_AreEachDeployedOnce_AndAPersonsWayBackStays()
    {
        var bench = await FollowAsync(ImagePolicyMode.AtOnce);
        bench.Tags("1.2.0", "1.3.0");

        await RoundAsync(bench);
        Assert.True(await bench.Deployments.WorkAsync());
        var taken = bench.Runs("r.example/web:1.3.0");
        await RoundAsync(bench);
        await bench.DeployAsync(1);
        await RoundAsync(bench);
        var back = bench.Runs("r.example/web:1.2.0");
        bench.Tags("1.2.0", "1.3.0", "1.4.0");
        await RoundAsync(bench);
        Assert.True(await bench.Deployments.WorkAsync());

        Assert.True(taken && back && bench.Runs("r.example/web:1.4.0"));
        Assert.Equal([("Image", 3), ("Person", 1), ("Image", 2), ("Person", 1)], (await bench.AllAsync()).Select(row => (row.Cause, row.Revision)));
        var shown = await bench.Policies.FindAsync(bench.User, bench.StackId, default);
        Assert.Equal(((await bench.AllAsync())[0].Id, ""), (shown!.DeploymentId!.Value, shown.Problem));
    }

    [Fact]
    public async Task AtOnce_BetweenItsLooks_RegistriesAreLeftAlone()
    {
        var bench = await FollowAsync(ImagePolicyMode.AtOnce);
        bench.Tags("1.2.0");
        await bench.Worker.RunAsync(default);

        bench.Tags("1.2.0", "1.3.0");
        bench.Time.Advance(TimeSpan.FromHours(5));
        await bench.Worker.RunAsync(default);
        var early = (await bench.AllAsync()).Count;
        bench.Time.Advance(TimeSpan.FromHours(1.1));
        await bench.Worker.RunAsync(default);

        Assert.Equal((1, 2), (early, (await bench.AllAsync()).Count));
    }

    [Fact]
    public async Task AtOnce_RegistryIsAway_IsShownAndAskedAgainAfterAnHour()
    {
        var bench = await FollowAsync(ImagePolicyMode.AtOnce);

        await bench.Worker.RunAsync(default);
        var problem = (await bench.Policies.FindAsync(bench.User, bench.StackId, default))!.Problem;
        bench.Tags("1.2.0", "1.3.0");
        bench.Time.Advance(TimeSpan.FromMinutes(50));
        await bench.Worker.RunAsync(default);
        var early = (await bench.AllAsync()).Count;
        bench.Time.Advance(TimeSpan.FromMinutes(11));
        await bench.Worker.RunAsync(default);

        Assert.Contains("the registry is away", problem, StringComparison.Ordinal);
        Assert.Equal((1, 2), (early, (await bench.AllAsync()).Count));
        Assert.Empty((await bench.Policies.FindAsync(bench.User, bench.StackId, default))!.Problem);
    }

    [Fact]
    public async Task Daily_NewerTag_WaitsForItsTime()
    {
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, Files);
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Version, "^1"), default);
        var at = TimeOnly.FromDateTime(bench.Time.GetUtcNow().UtcDateTime).AddHours(2);
        await bench.Policies.SaveAsync(bench.User, bench.StackId, ImagePolicyMode.Daily, at, default);
        bench.Tags("1.2.0", "1.3.0");

        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Worker.RunAsync(default);
        var early = (await bench.AllAsync()).Count;
        bench.Time.Advance(TimeSpan.FromHours(1.1));
        await bench.Worker.RunAsync(default);
        await bench.Worker.RunAsync(default);
        var then = (await bench.AllAsync()).Count;
        Assert.True(await bench.Deployments.WorkAsync());
        bench.Tags("1.2.0", "1.3.0", "1.4.0");
        bench.Time.Advance(TimeSpan.FromHours(20));
        await bench.Worker.RunAsync(default);
        var nextMorning = (await bench.AllAsync()).Count;
        bench.Time.Advance(TimeSpan.FromHours(5));
        await bench.Worker.RunAsync(default);

        Assert.Equal((1, 2, 2, 3), (early, then, nextMorning, (await bench.AllAsync()).Count));
    }

    [Fact]
    public async Task AtOnce_WhereApprovalOrAWindowIsAskedFor_WaitsLikeAnyDeployment()
    {
        var day = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var frozen = new DeploymentRules { Freezes = [new DeployFreeze(day.AddDays(-2), day.AddDays(3), "fair")] };
        foreach (var (rules, state) in new[] { (new DeploymentRules { ApprovalHours = 1 }, "AwaitingApproval"), (frozen, "AwaitingWindow") })
        {
            var bench = await FollowAsync(ImagePolicyMode.AtOnce);
            await bench.Deployments.RuleAsync(rules);
            bench.Tags("1.3.0");

            await RoundAsync(bench);
            await RoundAsync(bench);

            Assert.Equal([(state, 2), ("Succeeded", 1)], (await bench.AllAsync()).Select(row => (row.State, row.Revision)));
            Assert.True(bench.Runs("r.example/web:1.2.0"));
        }
    }

    [Fact]
    public async Task AtOnce_TwoPortalsInTheSameRound_TakeATagOnce()
    {
        var bench = await FollowAsync(ImagePolicyMode.AtOnce);
        bench.Tags("1.3.0");
        bench.Time.Advance(TimeSpan.FromHours(7));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bench.Worker.RunAsync(default)));

        Assert.Equal(2, (await bench.AllAsync()).Count);
        Assert.Equal(2, (await bench.Deployments.StackNowAsync()).Revision);
    }

    private async Task<ImageRuleBench> FollowAsync(ImagePolicyMode mode)
    {
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, Files);
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Version, "^1"), default);
        await bench.Policies.SaveAsync(bench.User, bench.StackId, mode, default, default);
        return bench;
    }

    // When registries are asked next.
    private static async Task RoundAsync(ImageRuleBench bench)
    {
        bench.Time.Advance(TimeSpan.FromHours(7));
        await bench.Worker.RunAsync(default);
    }
}
