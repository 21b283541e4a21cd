using System.Diagnostics;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class RepositoryTests
{
    [Fact]
    public async Task Build_OfARepository_UsesItsBranchAndFolder()
    {
        await using var host = await BuildHost.StartAsync();
        var root = Directory.CreateDirectory(host.Engine.Instance.TempPath("repositories")).FullName;
        var repository = Directory.CreateDirectory(Path.Combine(root, "app.git", "sub")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "sub", "Dockerfile"), "FROM busybox\nCOPY f /f\nCOPY . /all/");
        await File.WriteAllTextAsync(Path.Combine(repository, "sub", "f"), "of the branch");
        File.CreateSymbolicLink(Path.Combine(repository, "sub", "leak"), "/etc/passwd");
        await GitAsync(repository, "init", "--quiet", "--initial-branch=side");
        await GitAsync(repository, "add", "--all");
        await GitAsync(repository, "-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message=x");
        var port = FreePort.Find();
        using var daemon = Process.Start(
            "git", ["daemon", "--reuseaddr", "--export-all", $"--base-path={root}", "--listen=127.0.0.1", $"--port={port}", root]);
        try
        {
            var address = $"git://127.0.0.1:{port}/app.git";
            await Eventually.HoldsAsync(
                async () => (await Tool.TryRunAsync("git", "ls-remote", address)).ExitCode == 0, "the repository is served");

            var image = await host.Builder.BuildAsync(new BuildRequest { Remote = $"{address}#side:sub" }, null);
            Assert.Equal("of the branch /etc/passwd\n", await host.RunAsync(image, "cat /f; echo \" $(readlink /all/leak)\""));

            var added = await host.BuildAsync($"FROM busybox\nADD --keep-git-dir=true {address}#side /added");
            Assert.Equal(".git\nsub\n", await host.RunAsync(added, "ls -A /added"));
            await Assert.ThrowsAnyAsync<EngineException>(() => host.Builder.BuildAsync(new BuildRequest { Remote = $"{address}#nosuch" }, null));
        }
        finally
        {
            // git daemon is a program of its own beneath git: the whole of it ends.
            daemon.Kill(entireProcessTree: true);
            await daemon.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("git://-oProxyCommand=touch /x/r.git")]
    [InlineData("ssh://-oProxyCommand=x/r.git")]
    [InlineData("git@--upload-pack=x")]
    [InlineData("git://host/r.git#--upload-pack=touch")]
    [InlineData("git://host/r.git#-x")]
    [InlineData("ext::sh -c touch")]
    [InlineData("file:///etc/r.git")]
    [InlineData("/etc/r.git")]
    public async Task Build_OfAddressesThatWouldBeOptions_IsRefused(string remote)
    {
        await using var host = await BuildHost.StartAsync();
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.Builder.BuildAsync(new BuildRequest { Remote = remote }, null));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    private static Task GitAsync(string folder, params string[] arguments) => Tool.RunAsync("git", ["-C", folder, .. arguments]);
}
