using Microsoft.EntityFrameworkCore;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>What rules take, as revisions and deployments of a stack, when a person says so.</summary>
public sealed class ImageRuleTests(ImageRulePortal portal) : IClassFixture<ImageRulePortal>
{
    private const string Files = "services: {web: {image: 'r.example/web:1.2.0'}, db: {image: 'r.example/db:5'}}";
    private static readonly TagRule s_ones = new(TagOrder.Version, "^1");

    [Fact]
    public async Task Take_NewerTagInTheRange_IsARevisionAndADeploymentOfThatServiceAlone()
    {
        var bench = await FollowAsync();
        bench.Tags("1.2.0", "1.10.0", "1.9.0", "2.0.0", "1.11.0-rc.1", "latest");

        var (choices, held) = await bench.Rules.LookAsync(bench.User, bench.StackId, default);
        var before = await bench.Deployments.StackNowAsync();
        var (id, text) = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        Assert.True(await bench.Deployments.WorkAsync());
        var again = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);

        var choice = Assert.Single(choices);
        Assert.Equal(("web", "r.example/web:1.10.0", "", ""), (choice.Service.Service, choice.Image, choice.Problem, held));
        Assert.Equal(3, choice.Choice!.LeftOut.Count);
        Assert.Equal(1, before.Revision);
        var deployment = await bench.Deployments.FindAsync(id!.Value);
        Assert.Equal(("Succeeded", 2, "Person"), (deployment.State, deployment.Revision, deployment.Cause));
        Assert.Equal("web: 1.2.0 to 1.10.0 (semver ^1)", text);
        Assert.True(bench.Runs("r.example/web:1.10.0") && bench.Runs("r.example/db:5", "db"));
        Assert.Null(again.DeploymentId);
        var line = (await bench.Rules.ListAsync(bench.User, bench.StackId, default)).Single(one => one.Service == "web");
        Assert.Equal(("r.example/web:1.2.0", "r.example/web:1.10.0", "1.10.0"), (line.Image, line.Now, line.Taken));
    }

    [Fact]
    public async Task Take_AfterAPersonWentBack_WaitsForANewerTag()
    {
        var bench = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0");
        await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        Assert.True(await bench.Deployments.WorkAsync());

        await bench.DeployAsync(1);
        var kept = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        var choice = Assert.Single((await bench.Rules.LookAsync(bench.User, bench.StackId, default)).Choices);
        bench.Tags("1.2.0", "1.3.0", "1.3.1");
        var newer = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        Assert.True(await bench.Deployments.WorkAsync());

        Assert.Null(kept.DeploymentId);
        Assert.Contains("went back from it", choice.Choice!.Why, StringComparison.Ordinal);
        Assert.Equal("web: 1.2.0 to 1.3.1 (semver ^1)", newer.Text);
        Assert.True(bench.Runs("r.example/web:1.3.1"));
    }

    [Fact]
    public async Task Take_TagThatFails_GoesBackAndIsNotTakenAgainUntilTheRuleIsAnother()
    {
        var bench = await FollowAsync(new TagRule(TagOrder.Alphabet, Pattern: "bad"));
        bench.Tags("bad", "worse");

        var first = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        Assert.True(await bench.Deployments.WorkAsync());
        var second = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Alphabet, Pattern: "b*"), default);
        var third = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);

        Assert.Equal("RolledBack", (await bench.Deployments.FindAsync(first.DeploymentId!.Value)).State);
        Assert.True(bench.Runs("r.example/web:1.2.0"));
        Assert.Null(second.DeploymentId);
        Assert.NotNull(third.DeploymentId);
    }

    [Fact]
    public async Task Take_WhileAnotherRevisionIsSavedAndDoesNotRun_TakesNothingAndSaysSo()
    {
        var bench = await FollowAsync(s_ones, Files, Files.Replace("db:5", "db:6", StringComparison.Ordinal));
        bench.Tags("1.2.0", "1.3.0");

        var (id, text) = await bench.Rules.TakeAsync(bench.User, bench.StackId, default);

        Assert.Null(id);
        Assert.Contains("Revision 2 is saved and does not run", text, StringComparison.Ordinal);
        Assert.Equal(2, (await bench.Deployments.StackNowAsync()).Revision);
    }

    [Fact]
    public async Task Take_ByNobodyOfAStackThatWasStopped_LeavesItForWhenItRuns()
    {
        var bench = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0");
        await bench.Deployments.OrderAsync(1, DeploymentOperation.Stop);
        Assert.True(await bench.Deployments.WorkAsync());

        var stopped = await bench.Taking.TakeAsync(bench.StackId, null, default);
        await bench.Deployments.OrderAsync(1, DeploymentOperation.Start);
        Assert.True(await bench.Deployments.WorkAsync());
        var running = await bench.Taking.TakeAsync(bench.StackId, null, default);

        Assert.Null(stopped.Revision);
        Assert.Equal(2, running.Revision);
    }

    [Fact]
    public async Task Take_AfterAPortalDiedBeforeItDeployedWhatItTook_IsDeployedByTheNext()
    {
        var bench = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0");

        var taken = await bench.Taking.TakeAsync(bench.StackId, null, default);
        var next = await bench.Taking.TakeAsync(bench.StackId, null, default);
        await bench.DeployAsync(2);
        var after = await bench.Taking.TakeAsync(bench.StackId, null, default);

        Assert.Equal((2, 2, (int?)null), (taken.Revision, next.Revision, after.Revision));
        Assert.Equal(taken.Text, next.Text);
    }

    [Fact]
    public async Task Rules_OfLabels_HoldAloneAndWrongOnesStandInNobodysWay()
    {
        const string Labelled = """
            services:
              web: {image: 'r.example/web:1.2.0', labels: {portal.image.policy: 'semver:~1.2', portal.image.pattern: '/^(.+)-alpine$$/'}}
              db: {image: 'r.example/web:1.2.0', labels: ['portal.image.policy=newest']}
              fixed: {image: 'r.example/web@sha256:aa', labels: {portal.image.policy: semver}}
            """;
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, Labelled);
        bench.Tags("1.2.0", "1.2.5-alpine", "1.3.0-alpine", "1.2.9");

        var lines = await bench.Rules.ListAsync(bench.User, bench.StackId, default);
        var refused = await Assert.ThrowsAsync<StackException>(() => bench.Rules.SaveAsync(bench.User, bench.StackId, "web", s_ones, default));
        var taken = await bench.Taking.TakeAsync(bench.StackId, null, default);

        Assert.Equal(["db", "fixed"], lines.Where(line => line.Problem.Length > 0).Select(line => line.Service).Order());
        Assert.All(lines, line => Assert.True(line.IsOfFiles));
        Assert.Contains(TagRule.Label, refused.Message, StringComparison.Ordinal);
        Assert.Equal("web: 1.2.0 to 1.2.5-alpine (semver ~1.2 of /^(.+)-alpine$/)", taken.Text);
        Assert.Contains("db: The label portal.image.policy is", taken.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_OfARuleThatIsNotSet_ShowsWhatItWouldTakeAndChangesNothing()
    {
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, Files);
        bench.Tags("1.2.0", "1.3.0", "2.0.0");

        var found = await bench.Rules.TryAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Version, ">=2"), default);

        Assert.Equal("r.example/web:2.0.0", found.Image);
        Assert.Equal([TagReason.OutsideRange, TagReason.OutsideRange], found.Choice!.LeftOut.Select(left => left.Reason));
        Assert.All(await bench.Rules.ListAsync(bench.User, bench.StackId, default), line => Assert.Null(line.Rule));
        await Assert.ThrowsAsync<StackException>(() => bench.Rules.TryAsync(bench.User, bench.StackId, "none", s_ones, default));
        await Assert.ThrowsAsync<StackException>(
            () => bench.Rules.TryAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Alphabet, Pattern: "/(?=x)/"), default));
    }

    [Fact]
    public async Task Look_RegistryIsAway_IsToldOfItsServiceAlone()
    {
        var bench = await FollowAsync();
        bench.Node.Repositories["r.example/db"] = ["5", "6"];
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "db", new TagRule(TagOrder.Number), default);

        var (choices, _) = await bench.Rules.LookAsync(bench.User, bench.StackId, default);

        Assert.Contains("the registry is away", choices.Single(choice => choice.Service.Service == "web").Problem, StringComparison.Ordinal);
        Assert.Equal("r.example/db:6", choices.Single(choice => choice.Service.Service == "db").Image);
    }

    [Fact]
    public async Task Rules_WithoutTheRight_AreSeenAtMost()
    {
        var bench = await FollowAsync();
        bench.Tags("1.2.0", "1.3.0");
        var node = bench.Deployments.Stack.NodeId;
        var viewer = await ImageRuleBench.PersonAsync(portal.Portal, BuiltInRoles.Viewer);
        var other = await ImageRuleBench.PersonAsync(portal.Portal, BuiltInRoles.Administrator, await portal.Portal.AddNodeAsync($"o{Guid.NewGuid():N}"));

        Assert.Equal(2, (await bench.Rules.ListAsync(viewer, bench.StackId, default)).Count);
        await Assert.ThrowsAsync<AccessDeniedException>(() => bench.Rules.LookAsync(viewer, bench.StackId, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bench.Rules.TryAsync(viewer, bench.StackId, "web", s_ones, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bench.Rules.TakeAsync(viewer, bench.StackId, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bench.Rules.SaveAsync(viewer, bench.StackId, "web", null, default));
        await Assert.ThrowsAsync<StackException>(() => bench.Rules.ListAsync(other, bench.StackId, default));
        await Assert.ThrowsAsync<StackException>(() => bench.Rules.TakeAsync(other, bench.StackId, default));
        Assert.NotEqual(Guid.Empty, node);
        Assert.Equal(1, (await bench.Deployments.StackNowAsync()).Revision);
    }

    [Fact]
    public async Task Save_OfARule_IsAuditedAndAWrongOneIsNone()
    {
        var bench = await FollowAsync();
        await Assert.ThrowsAsync<StackException>(
            () => bench.Rules.SaveAsync(bench.User, bench.StackId, "web", new TagRule(TagOrder.Version, "newest"), default));
        await Assert.ThrowsAsync<StackException>(() => bench.Rules.SaveAsync(bench.User, bench.StackId, "none", s_ones, default));
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", null, default);

        await using var database = await bench.Contexts.CreateDbContextAsync();
        var details = await database.AuditLog.Where(row => row.Action == "stack.image_rule" && row.ObjectId == $"{bench.StackId}")
            .OrderBy(row => row.Id).Select(row => row.Detail).ToListAsync();
        Assert.Equal(["web: semver ^1", "web: stays with its tag"], details);
        Assert.All(await bench.Rules.ListAsync(bench.User, bench.StackId, default), line => Assert.Null(line.Rule));
    }

    private async Task<ImageRuleBench> FollowAsync(TagRule? rule = null, params string[] files)
    {
        var bench = await ImageRuleBench.MakeAsync(portal.Portal, files.Length > 0 ? files : [Files]);
        await bench.Rules.SaveAsync(bench.User, bench.StackId, "web", rule ?? s_ones, default);
        return bench;
    }
}
