namespace Portal.Link.Tests.Deployments;

/// <summary>What comes of a push: fetched, deployed, and back again when it fails.</summary>
[Trait("Area", "deployments")]
public sealed class PushTests(DeliveryWorld world) : IClassFixture<DeliveryWorld>
{
    [Fact]
    public async Task Push_OfAGoodCommitAndThenABadOne_RunsTheGoodOne()
    {
        var first = await world.PushAsync("shop", ("compose.yaml", FileOf("one", "true")));
        var (stack, hook) = await world.FollowAsync("shop");

        var delivery = await world.TellAsync(hook, first);
        var deployment = await world.EndOfAsync(delivery.DeploymentId!.Value);

        Assert.Equal(("Succeeded", ""), (deployment.State, deployment.Message));
        Assert.Equal((stack, "Webhook", 2), (deployment.StackId, deployment.Cause, deployment.Revision));
        Assert.Equal(("done", first[..7]), (delivery.State, (await CommitOfAsync(stack, 2))[..7]));
        Assert.Equal(0, await world.Docker.ExecAsync(await world.FindAsync("shop", "web"), "test \"$COMMIT\" = one"));

        var bad = await world.PushAsync("shop", ("compose.yaml", FileOf("two", "false")));
        delivery = await world.TellAsync(hook, bad);
        deployment = await world.EndOfAsync(delivery.DeploymentId!.Value);

        Assert.True(deployment.State == "RolledBack", $"{deployment.State}: {deployment.Message}");
        Assert.Equal((3, bad[..7]), (deployment.Revision, (await CommitOfAsync(stack, 3))[..7]));
        Assert.Contains("Revision 2 runs again.", deployment.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.Docker.ExecAsync(await world.FindAsync("shop", "web"), "test \"$COMMIT\" = one"));
    }

    private static string FileOf(string commit, string check) =>
        $$"""
        services:
          web:
            image: busybox
            pull_policy: missing
            command: [sleep, '1000']
            init: true
            environment: {COMMIT: {{commit}}}
            healthcheck: {test: [CMD, '{{check}}'], interval: 200ms, retries: 1}
        """;

    private async Task<string> CommitOfAsync(Guid stack, int number)
    {
        await using var database = await world.OpenAsync();
        return database.StackRevisions.Single(row => row.StackId == stack && row.Number == number).Commit;
    }
}
