using Portal.Testing;

namespace Portal.Link.Tests.Deployments;

/// <summary>What containers mount of a repository's own files, and their secrets: brought to the node, changed, gone back from, come back.</summary>
[Trait("Area", "deployments")]
public sealed class BroughtFilesTests(DeliveryWorld world) : IClassFixture<DeliveryWorld>
{
    private static readonly byte[] s_binary = [0, 255, 254, 10, 0, 128];

    private string Trees => Path.Combine(world.Agent.Instance.DataRoot, "stacks");

    [Fact]
    public async Task Files_OfARepository_AreOnTheNodeUnderTheRevisionThatRuns()
    {
        var first = await PushAsync("one", "true");
        var (stack, hook) = await world.FollowAsync("files");
        await SucceedAsync(hook, first);
        var id = await world.FindAsync("files", "web");

        await EqualAsync(id, "one", "cat /etc/app/deep/app.conf");
        await EqualAsync(id, "single", "cat /etc/single");
        await EqualAsync(id, "from a file", "echo $FROM_FILE");
        await EqualAsync(id, Convert.ToHexStringLower(s_binary), "hexdump -ve '1/1 \"%02x\"' /binary");
        await EqualAsync(id, "quiet-7319 7 8 400", "echo $(cat /run/secrets/key) $(stat -c '%u %g %a' /run/secrets/key)");
        await EqualAsync(id, "tmpfs", "awk '$2==\"/run/secrets/key\"{print $3}' /proc/mounts");
        Assert.NotEqual(0, await world.Docker.ExecAsync(id, "touch /etc/app/more"));
        Assert.NotEqual(0, await world.Docker.ExecAsync(id, "echo x > /run/secrets/key"));
        Assert.DoesNotContain("quiet-7319", await world.Docker.TextAsync($"containers/{id}/export"), StringComparison.Ordinal);
        var trees = TreesOf(stack);

        var bad = await PushAsync("two", "false");
        var delivery = await world.TellAsync(hook, bad);
        var deployment = await world.EndOfAsync(delivery.DeploymentId!.Value);
        Assert.True(deployment.State == "RolledBack", $"{deployment.State}: {deployment.Message}");
        await EqualAsync(await world.FindAsync("files", "web"), "one", "cat /etc/app/deep/app.conf");
        Assert.Equal(trees, TreesOf(stack));

        await SucceedAsync(hook, await PushAsync("three", "true"));
        var replaced = await world.FindAsync("files", "web");
        Assert.NotEqual(id, replaced);
        await EqualAsync(replaced, "three", "cat /etc/app/deep/app.conf");
        Assert.Equal(trees.Length, TreesOf(stack).Length);
        Assert.NotEqual(trees, TreesOf(stack));

        await world.CutPowerAsync();
        await Eventually.HoldsAsync(
            async () => (bool)(await world.Docker.InspectAsync(replaced))["State"]!["Running"]!, "its policy starts it again");
        await EqualAsync(replaced, "quiet-7319 three", "echo $(cat /run/secrets/key) $(cat /etc/app/deep/app.conf)");
        await world.OnlineAsync();

        Assert.Equal("Succeeded", (await world.DeployAsync(stack, Portal.Web.Features.Deployments.DeploymentOperation.Remove)).State);
        Assert.False(Directory.Exists(Path.Combine(Trees, $"{stack:N}")));
        Assert.False(Directory.Exists(Path.Combine(world.Agent.Instance.RunRoot, "stacks", $"{stack:N}")));
    }

    private async Task<string> PushAsync(string content, string check)
    {
        await world.WriteAsync("files", "binary", s_binary);
        return await world.PushAsync(
            "files",
            ("compose.yaml", $$"""
                services:
                  web:
                    image: busybox
                    pull_policy: missing
                    command: [sleep, '1000']
                    init: true
                    restart: always
                    env_file: [own.env]
                    volumes: ['./conf:/etc/app:ro', './single:/etc/single']
                    configs: [{source: binary, target: /binary}]
                    secrets: [{source: key, uid: '7', gid: '8', mode: 0400}]
                    healthcheck: {test: [CMD, '{{check}}'], interval: 200ms, retries: 1}
                configs:
                  binary: {file: ./binary}
                secrets:
                  key: {file: ./key}
                """),
            ("conf/deep/app.conf", content), ("single", "single"), ("own.env", "FROM_FILE=from a file\n"), ("key", "quiet-7319"));
    }

    private async Task SucceedAsync(Portal.Web.Features.Webhooks.HookMade hook, string commit)
    {
        var delivery = await world.TellAsync(hook, commit);
        var deployment = await world.EndOfAsync(delivery.DeploymentId!.Value);
        Assert.Equal(("Succeeded", ""), (deployment.State, deployment.Message));
    }

    private string[] TreesOf(Guid stack) => [.. Directory.GetDirectories(Path.Combine(Trees, $"{stack:N}")).Order(StringComparer.Ordinal)];

    private async Task EqualAsync(string container, string expected, string script) =>
        Assert.True(await world.Docker.ExecAsync(container, $"test \"$({script})\" = '{expected}'") == 0, $"{script} is not '{expected}'");
}
