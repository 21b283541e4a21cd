using Microsoft.AspNetCore.Http;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>diff, export, cp and commit as the stock CLI does them.</summary>
[Collection(EngineCollection.Name)]
public sealed class TreeTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Diff_OfARunThatChangedFiles_TellsThem()
    {
        await using var container = await RunAsync("rm /etc/group; echo x > /tmp/new; mkdir /made; chmod 700 /root; sleep 600");
        await Docker.GetAsync("exec", container.Name, "sh", "-c", "until [ -d /made ] && [ \"$(stat -c %a /root)\" = 700 ]; do sleep 0.1; done");

        var changes = (await Docker.GetAsync("diff", container.Name)).Split('\n');

        Assert.Equal(["C /etc", "D /etc/group", "A /made", "C /root", "C /tmp", "A /tmp/new"], changes);
    }

    [Fact]
    public async Task Export_AndImport_GiveTheSameFiles()
    {
        await using var container = await RunAsync("echo kept > /kept; ln /kept /hard; echo in > /vol/in; sleep 600", "-v", "/vol");
        await Docker.GetAsync("exec", container.Name, "sh", "-c", "until [ -f /vol/in ]; do sleep 0.1; done");
        var archive = engine.Instance.TempPath("export.tar");

        await Docker.GetAsync("export", "--output", archive, container.Name);
        await Docker.GetAsync("import", "--change", "CMD [\"cat\",\"/kept\"]", archive, "imported:1");

        var names = (await Tool.RunAsync("tar", "-tf", archive)).Split('\n');
        Assert.Contains("hard", names);
        Assert.Contains("vol/", names);
        Assert.DoesNotContain("vol/in", names);
        Assert.Equal("kept", await Docker.GetAsync("run", "--rm", "imported:1"));
        Assert.Equal("2", await Docker.GetAsync("run", "--rm", "imported:1", "stat", "-c", "%h", "/hard"));
        await Docker.GetAsync("rmi", "imported:1");
    }

    [Fact]
    public async Task Import_FromAnAddress_IsAnImage()
    {
        await using var container = await RunAsync("sleep 600");
        var archive = engine.Instance.TempPath("served.tar.xz");
        await Docker.GetAsync("export", "--output", archive[..^3], container.Name);
        await Tool.RunAsync("xz", "-0", "--force", archive[..^3]);
        await using var server = await FakeRegistry.StartAsync(context => context.Response.SendFileAsync(archive));

        var output = await Docker.GetAsync("import", $"http://{server.Host}/root.tar.xz", "fetched:1");

        Assert.Contains($"Downloading from http://{server.Host}/root.tar.xz", output);
        Assert.Equal("hello", await Docker.GetAsync("run", "--rm", "--network", "none", "fetched:1", "echo", "hello"));
        await Docker.GetAsync("rmi", "fetched:1");
    }

    [Fact]
    public async Task Copy_OverWhatIsMountedInARunningContainer_LeavesTheMount()
    {
        await using var container = await RunAsync("sleep 600");
        var file = engine.Instance.TempPath("hosts");
        await File.WriteAllTextAsync(file, "replaced");
        var before = await Docker.GetAsync("exec", container.Name, "cat", "/etc/hosts");

        var result = await Docker.RunAsync("cp", file, $"{container.Name}:/etc/hosts");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(before, await Docker.GetAsync("exec", container.Name, "cat", "/etc/hosts"));
        Assert.Equal("1", await Docker.GetAsync("exec", container.Name, "grep", "-c", " /etc/hosts ", "/proc/self/mountinfo"));
    }

    [Fact]
    public async Task Commit_OfARunningContainer_IsAnImageWithItsFilesAndChanges()
    {
        await using var container = await RunAsync(
            "echo made > /made; rm /etc/group; sleep 600", "--env", "OWN=1", "--label", "a=b", "--workdir", "/tmp");
        await Docker.GetAsync("exec", container.Name, "sh", "-c", "until [ ! -f /etc/group ]; do sleep 0.1; done");

        var id = await Docker.GetAsync(
            "commit", "--author", "A. Uthor <a@example.org>", "--message", "why", "--change", "ENV NEW=2", "--change",
            "CMD [\"cat\",\"/made\"]", "--change", "HEALTHCHECK --interval=5s CMD true", "--change", "ONBUILD RUN x", "--change",
            "EXPOSE 80", container.Name, "committed:1");

        Assert.Equal(id, await Docker.GetAsync("images", "--no-trunc", "--quiet", "committed:1"));
        Assert.Equal("made", await Docker.GetAsync("run", "--rm", "committed:1"));
        Assert.Equal("/tmp 1 2", await Docker.GetAsync("run", "--rm", "committed:1", "sh", "-c", "echo $PWD $OWN $NEW; test ! -e /etc/group"));
        Assert.Equal(
            "A. Uthor <a@example.org>|why|map[a:b]|[CMD-SHELL true]|map[80/tcp:{}]",
            await Docker.GetAsync(
                "inspect", "--format", "{{.Author}}|{{.Comment}}|{{.Config.Labels}}|{{.Config.Healthcheck.Test}}|{{.Config.ExposedPorts}}",
                "committed:1"));
        Assert.Equal("running", await Docker.GetAsync("inspect", "--format", "{{.State.Status}}", container.Name));
        await Docker.GetAsync("rmi", "committed:1");
    }

    [Fact]
    public async Task Commit_OfAContainerThatChangedNothing_AddsNoLayer()
    {
        await using var container = await RunAsync("sleep 600");

        var id = await Docker.GetAsync("commit", "--pause=false", container.Name);

        const string Layers = "{{len .RootFS.Layers}}";
        Assert.Equal(await Docker.GetAsync("inspect", "--format", Layers, "busybox"), await Docker.GetAsync("inspect", "--format", Layers, id));
        await Docker.GetAsync("rmi", id);
    }

    [Theory]
    [InlineData("RUN true", "RUN")]
    [InlineData("CMD", "no argument")]
    public async Task Commit_WithABadChange_IsRefused(string change, string words)
    {
        await using var container = await RunAsync("sleep 600");

        var result = await Docker.RunAsync("commit", "--change", change, container.Name, "bad:1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Error);
        Assert.Equal("", await Docker.GetAsync("images", "--quiet", "bad:1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_BothWays_KeepsFilesInAndOutOfVolumes(bool running)
    {
        var bound = Directory.CreateDirectory(engine.Instance.TempPath($"bound-{running}")).FullName;
        await using var container = await RunAsync("sleep 600", "-v", "/vol", "-v", $"{bound}:/bound");
        if (!running)
        {
            await Docker.GetAsync("stop", "--time", "0", container.Name);
        }

        var source = Directory.CreateDirectory(engine.Instance.TempPath($"source-{running}")).FullName;
        Directory.CreateDirectory(source + "/deep");
        await File.WriteAllTextAsync(source + "/deep/file", "text");
        File.CreateSymbolicLink(source + "/link", "deep/file");
        foreach (var target in new[] { "/tmp", "/vol", "/bound", "/var/new" })
        {
            await Docker.GetAsync("cp", source, $"{container.Name}:{target}");
            var back = engine.Instance.TempPath($"back-{running}{target.Replace('/', '-')}");
            var copied = target == "/var/new" ? target : $"{target}/{Path.GetFileName(source)}";
            await Docker.GetAsync("cp", $"{container.Name}:{copied}", back);
            await Tool.RunAsync("diff", "-r", "--no-dereference", source, back);
        }

        Assert.True(File.Exists($"{bound}/{Path.GetFileName(source)}/deep/file"));
        await Docker.GetAsync("start", container.Name);
        Assert.Equal("text", await Docker.GetAsync("exec", container.Name, "cat", $"/vol/{Path.GetFileName(source)}/link"));
    }

    [Fact]
    public async Task Copy_ThroughLinks_StaysInTheContainer()
    {
        await using var container = await RunAsync("ln -s /etc /absolute; ln -s ../../../../tmp /up; ln -s missing /dangling; sleep 600");
        await Docker.GetAsync("exec", container.Name, "sh", "-c", "until [ -L /dangling ]; do sleep 0.1; done");
        var file = engine.Instance.TempPath("secret");
        await File.WriteAllTextAsync(file, "for the container\n");

        await Docker.GetAsync("cp", file, $"{container.Name}:/absolute/passwd");
        await Docker.GetAsync("cp", file, $"{container.Name}:/up/");
        var missing = await Docker.RunAsync("cp", $"{container.Name}:/missing", engine.Instance.TempPath("x"));

        Assert.Equal("for the container", await Docker.GetAsync("exec", container.Name, "cat", "/etc/passwd"));
        Assert.Equal("for the container", await Docker.GetAsync("exec", container.Name, "cat", "/tmp/secret"));
        Assert.False(File.Exists("/tmp/secret"));
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("Could not find the file /missing in container", missing.Error);
        await Docker.GetAsync("cp", $"{container.Name}:/dangling", engine.Instance.TempPath("dangling"));
        Assert.Equal("missing", File.ResolveLinkTarget(engine.Instance.TempPath("dangling"), false)!.Name);
    }

    [Fact]
    public async Task Copy_IntoWhatIsReadOnly_IsForbidden()
    {
        var bound = Directory.CreateDirectory(engine.Instance.TempPath("bound-ro")).FullName;
        await using var container = await RunAsync("sleep 600", "--read-only", "-v", "/vol", "-v", $"{bound}:/bound:ro");
        var file = engine.Instance.TempPath("plain");
        await File.WriteAllTextAsync(file, "x");

        var root = await Docker.RunAsync("cp", file, $"{container.Name}:/tmp/");
        var bind = await Docker.RunAsync("cp", file, $"{container.Name}:/bound/");
        await Docker.GetAsync("cp", file, $"{container.Name}:/vol/");

        Assert.Contains("read-only", root.Error);
        Assert.Contains("read-only", bind.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bound));
        Assert.Equal("x", await Docker.GetAsync("exec", container.Name, "cat", "/vol/plain"));
    }

    [Fact]
    public async Task Copy_OfKindsThatDoNotFit_IsRefused()
    {
        await using var container = await RunAsync("mkdir -p /a/name; echo f > /b; sleep 600");
        await Docker.GetAsync("exec", container.Name, "sh", "-c", "until [ -f /b ]; do sleep 0.1; done");
        var file = engine.Instance.TempPath("name");
        await File.WriteAllTextAsync(file, "x");
        var folder = Directory.CreateDirectory(engine.Instance.TempPath("folder")).FullName;

        var overFolder = await Docker.RunAsync("cp", file, $"{container.Name}:/a/");
        var overFile = await Docker.RunAsync("cp", folder, $"{container.Name}:/b");

        Assert.Contains("cannot overwrite directory", overFolder.Error);
        Assert.Contains("cannot copy directory", overFile.Error);
    }

    [Fact]
    public async Task Copy_ArchiveMode_GivesFilesToTheContainersUser()
    {
        await using var container = await RunAsync("sleep 600", "--user", "nobody", "--workdir", "/tmp");
        var file = engine.Instance.TempPath("owned");
        await File.WriteAllTextAsync(file, "x");

        await Docker.GetAsync("cp", "--archive", file, $"{container.Name}:/tmp/archived");
        await Docker.GetAsync("cp", file, $"{container.Name}:/tmp/plain");

        Assert.Equal("65534 0", await Docker.GetAsync("exec", container.Name, "sh", "-c", "echo $(stat -c %u archived plain)"));
    }

    private async Task<Running> RunAsync(string script, params string[] options)
    {
        var name = $"trees-{Guid.NewGuid():N}";
        await Docker.GetAsync(["run", "--detach", "--init=false", "--network", "none", "--name", name, .. options, "busybox", "sh", "-c", script]);
        return new Running(Docker, name);
    }

    private sealed record Running(DockerCli Docker, string Name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Docker.RunAsync("rm", "--force", "--volumes", Name);
    }
}
