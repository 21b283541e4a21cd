using System.Formats.Tar;
using Portal.Testing.Images;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class VolumeTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"v{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Docker.RunAsync("rm", "--force", "--volumes", _name);
        await Docker.RunAsync("volume", "rm", "--force", _name);
    }

    [Fact]
    public async Task Volume_CreateListInspectRemove_GoesRound()
    {
        Assert.Equal(_name, await Docker.GetAsync("volume", "create", "--label", "a=b", _name));
        Assert.Equal(_name, await Docker.GetAsync("volume", "create", _name));
        Assert.Equal(_name, await Docker.GetAsync("volume", "ls", "--quiet", "--filter", "label=a=b", "--filter", $"name={_name}"));
        Assert.Equal("", await Docker.GetAsync("volume", "ls", "--quiet", "--filter", "label=a=c", "--filter", $"name={_name}"));
        Assert.Equal(
            $"local {engine.Instance.DataRoot}/volumes/{_name}/_data local map[a:b]",
            await Docker.GetAsync("volume", "inspect", "--format", "{{.Driver}} {{.Mountpoint}} {{.Scope}} {{.Labels}}", _name));
        Assert.Contains(_name, await Docker.GetAsync("system", "df", "--verbose"));
        await Docker.GetAsync("volume", "rm", _name);
        var gone = await Docker.RunAsync("volume", "inspect", _name);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("no such volume", gone.Error);
        await Docker.GetAsync("volume", "rm", "--force", _name);
    }

    [Theory]
    [InlineData("includes invalid characters for a local volume name", "a/b")]
    [InlineData("includes invalid characters for a local volume name", "..")]
    [InlineData("create x: volume name is too short, names should be at least two alphanumeric characters", "x")]
    [InlineData("plugin \"nfs\" not found", "--driver", "nfs", "fine")]
    [InlineData("create fine: missing required option: \"device\"", "--opt", "type=tmpfs", "fine")]
    [InlineData("create fine: invalid option: \"typ\"", "--opt", "typ=tmpfs", "fine")]
    [InlineData("create fine: invalid mount option: \"lowerdir=/\"", "--opt", "type=tmpfs", "--opt", "device=x", "--opt", "o=lowerdir=/", "fine")]
    [InlineData("create fine: file systems of type 'overlay' may not be mounted", "--opt", "type=overlay", "--opt", "device=x", "fine")]
    public async Task Create_WhatCannotBe_IsRefused(string message, params string[] arguments)
    {
        var result = await Docker.RunAsync(["volume", "create", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error);
        Assert.Equal("", await Docker.GetAsync("volume", "ls", "--quiet", "--filter", "name=fine"));
    }

    [Fact]
    public async Task Volume_WithOptions_IsMountedWhileAContainerUsesIt()
    {
        await Docker.GetAsync("volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=1m,uid=7", _name);

        Assert.Equal(
            "map[device:tmpfs o:size=1m,uid=7 type:tmpfs]", await Docker.GetAsync("volume", "inspect", "--format", "{{.Options}}", _name));
        Assert.Equal(
            "7 tmpfs",
            await Docker.GetAsync(
                "run", "--rm", "--volume", $"{_name}:/v", "busybox", "sh", "-c", "echo $(stat -c %u /v) $(stat -f -c %T /v)"));
        Assert.Equal("", await Docker.GetAsync("run", "--rm", "--volume", $"{_name}:/v", "busybox", "ls", "/v"));
        Assert.DoesNotContain(_name, await File.ReadAllTextAsync("/proc/self/mountinfo"));
    }

    [Fact]
    public async Task Run_VolumeWithOptionsOfTheMount_IsMadeWithThem()
    {
        var mount = $"type=volume,source={_name},target=/v,volume-opt=type=tmpfs,volume-opt=device=tmpfs,\"volume-opt=o=size=1m,mode=0700\"";

        Assert.Equal("700", await Docker.GetAsync("run", "--rm", "--mount", mount, "busybox", "stat", "-c", "%a", "/v"));
        Assert.Equal("size=1m,mode=0700", await Docker.GetAsync("volume", "inspect", "--format", "{{.Options.o}}", _name));
    }

    [Fact]
    public async Task Copy_VolumeWithOptionsOfAStoppedContainer_ReachesIt()
    {
        var folder = Directory.CreateDirectory(engine.Instance.TempPath($"bound-{_name}")).FullName;
        await File.WriteAllTextAsync(folder + "/file", "of the host");
        await Docker.GetAsync("volume", "create", "--opt", "type=none", "--opt", $"device={folder}", "--opt", "o=bind", _name);
        await Docker.GetAsync("create", "--name", _name, "--volume", $"{_name}:/v", "busybox");

        await Docker.GetAsync("cp", $"{_name}:/v/file", engine.Instance.TempPath($"copied-{_name}"));
        await Docker.GetAsync("cp", engine.Instance.TempPath($"copied-{_name}"), $"{_name}:/v/back");

        Assert.Equal("of the host", await File.ReadAllTextAsync(folder + "/back"));
        Assert.DoesNotContain(_name, await File.ReadAllTextAsync("/proc/self/mountinfo"));
    }

    [Fact]
    public async Task DiskUsage_OfVolumes_HasTheirSizesAndUsers()
    {
        const string Script = "head -c 12345 /dev/zero > /v/f; ln /v/f /v/g";
        await Docker.GetAsync("run", "--name", _name, "--volume", $"{_name}:/v", "busybox", "sh", "-c", Script);

        var rows = (await Docker.GetAsync("system", "df", "--verbose")).Split('\n');

        Assert.Matches($@"^{_name} +1 +12\.3\dkB$", Assert.Single(rows, row => row.StartsWith(_name + " ", StringComparison.Ordinal)).TrimEnd());
    }

    [Fact]
    public async Task Run_NamedVolume_OutlivesContainersAndIsProtected()
    {
        await Docker.GetAsync("run", "--rm", "--volume", $"{_name}:/data", "busybox", "sh", "-c", "echo kept > /data/file");
        Assert.Equal("kept", await Docker.GetAsync("run", "--rm", "--mount", $"type=volume,source={_name},target=/d", "busybox", "cat", "/d/file"));
        var denied = await Docker.RunAsync("run", "--rm", "--volume", $"{_name}:/data:ro", "busybox", "touch", "/data/x");
        Assert.Contains("Read-only file system", denied.Error);
        var id = await Docker.GetAsync("create", "--name", _name, "--volume", $"{_name}:/data", "busybox");

        var refused = await Docker.RunAsync("volume", "rm", _name);
        await Docker.GetAsync("volume", "prune", "--all", "--force");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"remove {_name}: volume is in use - [{id}]", refused.Error);
        Assert.Equal(_name, await Docker.GetAsync("ps", "--all", "--filter", $"volume={_name}", "--format", "{{.Names}}"));
        Assert.Equal(
            $"volume {_name} /data local true",
            await Docker.GetAsync("inspect", "--format", "{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.Driver}} {{.RW}}{{end}}", _name));
        await Docker.GetAsync("rm", "--volumes", _name);
        Assert.Equal(_name, await Docker.GetAsync("volume", "ls", "--quiet", "--filter", "dangling=true", "--filter", $"name={_name}"));
    }

    [Fact]
    public async Task Run_AnonymousVolume_GoesWithRemovalThatAsksForIt()
    {
        await Docker.GetAsync("run", "--name", _name, "--volume", "/data", "busybox", "touch", "/data/file");
        var volume = await Docker.GetAsync("inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", _name);
        Assert.Matches("^[0-9a-f]{64}$", volume);

        await Docker.GetAsync("rm", _name);
        Assert.Equal(volume, await Docker.GetAsync("volume", "ls", "--quiet", "--filter", $"name={volume}"));
        Assert.Contains(volume, await Docker.GetAsync("volume", "prune", "--force"));
        await Docker.GetAsync("create", "--name", _name, "--mount", "type=volume,target=/data", "busybox");
        volume = await Docker.GetAsync("inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", _name);
        await Docker.GetAsync("rm", "--volumes", _name);
        Assert.Equal("", await Docker.GetAsync("volume", "ls", "--quiet", "--filter", $"name={volume}"));
    }

    [Fact]
    public async Task Prune_Volumes_TakesNamedOnesOnlyWhenToldTo()
    {
        await Docker.GetAsync("volume", "create", "--label", _name, _name);
        await Docker.GetAsync("volume", "prune", "--force", "--filter", $"label={_name}");
        Assert.Equal(_name, await Docker.GetAsync("volume", "ls", "--quiet", "--filter", $"name={_name}"));

        Assert.Contains(_name, await Docker.GetAsync("volume", "prune", "--all", "--force", "--filter", $"label={_name}"));
        Assert.Equal("", await Docker.GetAsync("volume", "ls", "--quiet", "--filter", $"name={_name}"));
    }

    [Fact]
    public async Task Run_EmptyVolumeOverAFolderOfTheImage_HasItsContentOwnersAndModes()
    {
        await Docker.GetAsync(
            "run", "--rm", "--volume", $"{_name}:/etc", "busybox", "sh", "-c", "echo mine > /etc/own; chown 12:34 /etc/own /etc; chmod 750 /etc; ls -ln / > /etc/seen");
        var passwords = await Docker.GetAsync("run", "--rm", "busybox", "ls", "/etc");

        // What is in the volume stays: only an empty one is filled.
        var listed = await Docker.GetAsync("run", "--rm", "--volume", $"{_name}:/x", "busybox", "sh", "-c", "ls -n /x/own; ls -nd /x; ls /x");
        Assert.Matches(@"-rw-r--r-- +1 12 +34 .*/x/own\n", listed);
        Assert.Matches(@"drwxr-x--- +\d+ 12 +34 .*/x\n", listed);
        Assert.All(
            passwords.Split('\n').Where(name => name is not ("hosts" or "hostname" or "resolv.conf" or "mtab" or "")), name => Assert.Contains(name, listed));
        await Docker.GetAsync("volume", "rm", _name);
        Assert.Equal("", await Docker.GetAsync("run", "--rm", "--mount", $"type=volume,source={_name},target=/bin/v,volume-nocopy", "busybox", "ls", "/bin/v"));
    }

    [Fact]
    public async Task Run_CopyUp_FollowsNoLinkOutOfTheImage()
    {
        var builder = (await BusyboxImages.CreateAsync())
            .AddLayer(writer =>
            {
                writer.WriteFolder("data/");
                writer.WriteFile("data/own.txt", "from the image\n"u8.ToArray());
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "data/out") { LinkName = "/etc/shadow" });
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "escape") { LinkName = "../../../../../../data" });
            });
        var archive = engine.Instance.TempPath("copy.tar");
        await Skopeo.ExportAsync(builder, $"docker-archive:{archive}:copy:1");
        await Docker.GetAsync("load", "--input", archive);

        var seen = await Docker.GetAsync("run", "--rm", "--volume", $"{_name}:/escape", "copy:1", "sh", "-c", "cat /data/own.txt; readlink /data/out; grep -c ' /data ' /proc/mounts");

        Assert.Equal("from the image\n/etc/shadow\n1", seen);
        await Docker.RunAsync("rmi", "--force", "copy:1");
    }

    [Fact]
    public async Task Run_BindAndTmpfsMounts_AreThere()
    {
        await File.WriteAllTextAsync(engine.Instance.TempPath("bound.txt"), "of the host");

        var seen = await Docker.GetAsync(
            "run", "--rm", "--mount", $"type=bind,source={engine.Instance.TempRoot},target=/b,readonly",
            "--mount", "type=tmpfs,target=/t,tmpfs-size=1m", "busybox", "sh", "-c", "cat /b/bound.txt; touch /b/x 2>&1; stat -f -c %T /t");

        Assert.Matches("^of the hosttouch: /b/x: Read-only file system\ntmpfs$", seen);
    }
}
