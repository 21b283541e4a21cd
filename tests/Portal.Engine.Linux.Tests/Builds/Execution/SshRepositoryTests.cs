using System.Globalization;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing.Git;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>Contexts from a real server of SSH.</summary>
public sealed class SshRepositoryTests
{
    [Fact]
    public async Task Build_OverSshWithTheRightKeys_FetchesAndLeavesNoKey()
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await SshServer.StartAsync(host.Engine.Instance.TempPath("sshd"));
        var remote = await MakeAsync(host, server);

        var image = await host.Builder.BuildAsync(Request(remote, server.PrivateKey, server.KnownHosts), null);

        Assert.Equal("over ssh", await host.RunAsync(image, "cat /f"));
        Assert.Equal([], Directory.GetFileSystemEntries(host.Engine.Instance.DataRoot, "*.login", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Build_OverSshFromAServerWithAnotherKey_IsRefused()
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await SshServer.StartAsync(host.Engine.Instance.TempPath("sshd"));
        await using var other = await SshServer.StartAsync(host.Engine.Instance.TempPath("other"));
        var remote = await MakeAsync(host, server);

        // The other server's key under this one's name: somebody in between.
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var hosts = $"[127.0.0.1]:{port} {other.KnownHosts.Split(' ', 2)[1]}";
        var failure = await Assert.ThrowsAnyAsync<EngineException>(
            () => host.Builder.BuildAsync(Request(remote, server.PrivateKey, hosts), null));

        Assert.Contains("Host key verification failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OverSshWithAKeyThatMayNot_IsRefusedWithAdvice()
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await SshServer.StartAsync(host.Engine.Instance.TempPath("sshd"));
        await using var other = await SshServer.StartAsync(host.Engine.Instance.TempPath("other"));
        var remote = await MakeAsync(host, server);

        var failure = await Assert.ThrowsAnyAsync<EngineException>(
            () => host.Builder.BuildAsync(Request(remote, other.PrivateKey, server.KnownHosts), null));

        Assert.Contains("wants a login", failure.Message, StringComparison.Ordinal);
    }

    private static BuildRequest Request(string remote, string key, string hosts) =>
        new() { Remote = remote, NetworkMode = "none", GitLogin = new GitLogin { PrivateKey = key, KnownHosts = hosts } };

    private static async Task<string> MakeAsync(BuildHost host, SshServer server)
    {
        var repository = Directory.CreateDirectory(host.Engine.Instance.TempPath("app.git")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "Dockerfile"), "FROM busybox\nCOPY f /f\n");
        await File.WriteAllTextAsync(Path.Combine(repository, "f"), "over ssh");
        string[][] steps =
        [
            ["init", "--quiet", "--initial-branch=main"], ["add", "--all"],
            ["-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message=x"],
        ];
        foreach (var step in steps)
        {
            await Tool.RunAsync("git", ["-C", repository, .. step]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"ssh://root@127.0.0.1:{server.Port}{repository}/.git");
    }
}
