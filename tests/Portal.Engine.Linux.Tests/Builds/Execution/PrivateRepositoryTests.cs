using Portal.Engine.Builds.Remotes;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing.Git;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class PrivateRepositoryTests
{
    [Fact]
    public async Task Build_WithTheRightToken_FetchesAndShowsItNowhere()
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await GitServer.StartAsync(await MakeAsync(host));
        var request = new BuildRequest
        {
            Remote = $"{server.Address}/app.git",
            GitLogin = new GitLogin { User = GitServer.User, Password = GitServer.Password },
        };
        var said = new List<string>();

        var image = await host.Builder.BuildAsync(request, null, new Progress(said));

        Assert.Equal("private", await host.RunAsync(image, "cat /f"));
        Assert.DoesNotContain(said, text => text.Contains(GitServer.Password, StringComparison.Ordinal));
        Assert.Equal(
            [], Directory.GetFileSystemEntries(host.Engine.Instance.DataRoot, "*.login", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("me", "wrong")]
    [InlineData("", "secret-token")]
    [InlineData(null, null)]
    public async Task Build_WithoutTheRightToken_IsRefusedWithAdvice(string? user, string? password)
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await GitServer.StartAsync(await MakeAsync(host));
        var request = new BuildRequest
        {
            Remote = $"{server.Address}/app.git",
            GitLogin = password is null ? null : new GitLogin { User = user!, Password = password },
        };

        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.Builder.BuildAsync(request, null));

        Assert.Contains("wants a login", failure.Message, StringComparison.Ordinal);
        Assert.True(password is null || !failure.Message.Contains(password, StringComparison.Ordinal), failure.Message);
    }

    [Fact]
    public async Task Add_OfAnotherRepository_DoesNotGetTheLogin()
    {
        await using var host = await BuildHost.StartAsync();
        var root = await MakeAsync(host);
        await using var other = await GitServer.StartAsync(root);
        await using var server = await GitServer.StartAsync(await MakeAsync(host, $"ADD {other.Address}/app.git /x"));
        var request = new BuildRequest
        {
            Remote = $"{server.Address}/app.git",
            GitLogin = new GitLogin { User = GitServer.User, Password = GitServer.Password },
        };

        await Assert.ThrowsAnyAsync<EngineException>(() => host.Builder.BuildAsync(request, null));

        Assert.NotEmpty(other.Seen);
        Assert.All(other.Seen, Assert.Empty);
    }

    [Theory]
    [InlineData("http://example.org/app.git", "a", "", "", "https alone")]
    [InlineData("https://x:y@example.org/app.git", "a", "", "", "login of its own")]
    [InlineData("https://example.org/app.git", "a\nHost: b", "", "", "no login has")]
    [InlineData("https://example.org/app.git", "", "-----BEGIN OPENSSH PRIVATE KEY-----", "h k", "does not fit")]
    [InlineData("git://example.org/app.git", "a", "", "", "does not fit")]
    [InlineData("git@example.org:app.git", "a", "", "", "does not fit")]
    [InlineData("git@example.org:app.git", "", "-----BEGIN OPENSSH PRIVATE KEY-----", " ", "server's own key")]
    [InlineData("ssh://git@example.org/app.git", "", "no key", "h k", "private key is none")]
    public async Task Login_ThatDoesNotFit_IsRefusedBeforeAnythingIsSent(
        string remote, string password, string key, string hosts, string words)
    {
        await using var host = await BuildHost.StartAsync();
        var login = new GitLogin { Password = password, PrivateKey = key, KnownHosts = hosts };

        var failure = await Assert.ThrowsAnyAsync<EngineException>(
            () => host.Builder.BuildAsync(new BuildRequest { Remote = remote, GitLogin = login }, null));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(BuildHost host, string more = "")
    {
        var root = Directory.CreateDirectory(host.Engine.Instance.TempPath(Path.GetRandomFileName())).FullName;
        var repository = Directory.CreateDirectory(Path.Combine(root, "app.git")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "Dockerfile"), $"FROM busybox\nCOPY f /f\n{more}\n");
        await File.WriteAllTextAsync(Path.Combine(repository, "f"), "private");
        await GitAsync(repository, "init", "--quiet", "--initial-branch=main");
        await GitAsync(repository, "add", "--all");
        await GitAsync(repository, "-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message=x");
        return root;
    }

    private static Task GitAsync(string folder, params string[] arguments) => Tool.RunAsync("git", ["-C", folder, .. arguments]);

    private sealed class Progress(List<string> said) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value)
        {
            lock (said)
            {
                said.Add($"{value}");
            }
        }
    }
}
