using Portal.Engine.Containers;
using Portal.Engine.Containers.Mounts;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Volumes;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>Volumes with options, and parts of volumes, on the real kernel. Volumes of its own for each test.</summary>
public sealed class VolumeMountTests : IClassFixture<VolumeMountTests.Fixture>
{
    private readonly KernelEngine _engine;
    private readonly string _name = $"v{Guid.NewGuid():N}"[..12];

    public VolumeMountTests(Fixture fixture) => _engine = fixture.Engine;

    private string Data => Path.Combine(_engine.Instance.DataRoot, "volumes", _name, "_data");

    private string Allowed => _engine.Instance.TempPath("allowed");

    [Fact]
    public async Task Memory_FirstToLastContainer_IsMountedOnceWithItsOptions()
    {
        await CreateAsync("tmpfs", "tmpfs", "size=1m,mode=0710,uid=7,noexec");
        Assert.False(IsMounted());

        var first = await RunAsync("echo kept > /v/file; sleep 1000");
        await Eventually.HoldsAsync(() => File.Exists(Data + "/file"), "the first has written");
        var second = await RunAsync(
            "cat /v/file; stat -c '%a %u' /v; grep -o ' /v tmpfs [^ ]*' /proc/mounts;"
            + " dd if=/dev/zero of=/v/big bs=1M count=2 2>&1 | grep -c space");
        await _engine.Containers.WaitAsync(second);

        Assert.Matches(@"^kept\n710 7\n /v tmpfs [^ ]*noexec[^ ]*size=1024k[^ ]*\n1\n$", await _engine.LogAsync(second));
        Assert.True(IsMounted());
        Assert.True((await _engine.Volumes.InspectAsync(_name)).IsMounted);
        await _engine.Containers.RemoveAsync(first, force: true);

        Assert.False(IsMounted());
        Assert.False(File.Exists(Data + "/file"));
    }

    [Fact]
    public async Task Bind_HostFolder_IsSeenAndSurvivesTheVolume()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Allowed, _name)).FullName;
        await File.WriteAllTextAsync(folder + "/host", "of the host\n");
        await CreateAsync("none", folder, "bind");

        var id = await RunAsync("cat /v/host; echo new > /v/new");
        await _engine.Containers.WaitAsync(id);
        await _engine.Containers.RemoveAsync(id, force: true);
        await _engine.Volumes.RemoveAsync(_name);

        Assert.Equal("new\n", await File.ReadAllTextAsync(folder + "/new"));
        Assert.Equal("of the host\n", await File.ReadAllTextAsync(folder + "/host"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Data)));
    }

    [Fact]
    public async Task Bind_ReadOnly_IsSo()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Allowed, _name)).FullName;
        await CreateAsync("none", folder, "bind,ro");

        var id = await RunAsync("touch /v/x 2>&1");
        await _engine.Containers.WaitAsync(id);

        Assert.Contains("Read-only file system", await _engine.LogAsync(id));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task Bind_OneFileReadOnly_IsSeenBehindFoldersThatWereMissingAndNotWritten()
    {
        var file = _engine.Instance.TempPath(_name);
        await File.WriteAllTextAsync(file, "of the host\n");

        var id = await _engine.RunAsync("cat /a/b/file; echo new 2>&1 > /a/b/file", spec => spec with
        {
            Binds = [$"{file}:/a/b/file:ro"], NetworkMode = "none",
        });
        await _engine.Containers.WaitAsync(id);

        Assert.Equal("of the host\nsh: can't create /a/b/file: Read-only file system\n", await _engine.LogAsync(id));
        Assert.Equal("of the host\n", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/")]
    [InlineData("ALLOWED/../other")]
    [InlineData("ALLOWED/link")]
    [InlineData("ALLOWED/link/deeper")]
    [InlineData("ALLOWEDx")]
    [InlineData("/proc/self/root/etc")]
    public async Task Bind_OutsideOfWhatIsAllowed_IsForbiddenHoweverItIsWritten(string device)
    {
        Directory.CreateDirectory(Allowed);
        Directory.CreateDirectory(_engine.Instance.TempPath("allowedx"));
        Directory.CreateDirectory(_engine.Instance.TempPath("other/deeper"));
        if (!Path.Exists(Allowed + "/link"))
        {
            File.CreateSymbolicLink(Allowed + "/link", _engine.Instance.TempPath("other"));
        }

        await CreateAsync("none", device.Replace("ALLOWEDx", Allowed + "x").Replace("ALLOWED", Allowed), "bind");
        var created = await CreateContainerAsync("true", nocopy: true);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created));

        Assert.True(failure.Kind is EngineErrorKind.Forbidden or EngineErrorKind.Internal, failure.Message);
        Assert.False(IsMounted());
        await _engine.Containers.RemoveAsync(created);
    }

    [Fact]
    public async Task Bind_PathThatIsMissing_FailsInDockersWordsAndLeavesNothing()
    {
        await CreateAsync("none", Allowed + "/no/such", "bind");
        var created = await CreateContainerAsync("true", nocopy: true);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created));

        Assert.StartsWith(
            $"error while mounting volume '{Data}': failed to mount local volume: mount {Allowed}/no/such:{Data}, "
            + "flags: 0x1000: no such file or directory",
            failure.Message);
        await _engine.Containers.RemoveAsync(created);
        await _engine.Volumes.RemoveAsync(_name);
    }

    [Fact]
    public async Task Disk_BlockDevice_KeepsItsFilesBetweenContainers()
    {
        var image = _engine.Instance.TempPath(_name + ".img");
        await Tool.RunAsync("truncate", "-s", "16M", image);
        await Tool.RunAsync("mkfs.ext4", "-q", image);
        var device = (await Tool.RunAsync("losetup", "--find", "--show", image)).Trim();
        try
        {
            await CreateAsync("ext4", device, "noatime");
            await _engine.Containers.WaitAsync(await RunAsync("echo kept > /v/file"));
            Assert.False(IsMounted());
            var id = await RunAsync("cat /v/file; grep ' /v ' /proc/mounts");
            await _engine.Containers.WaitAsync(id);

            Assert.Matches($@"^kept\n{device} /v ext4 [^ ]*noatime", await _engine.LogAsync(id));
        }
        finally
        {
            await Tool.RunAsync("losetup", "--detach", device);
        }
    }

    [Fact]
    public async Task Disk_FileThatIsNoDevice_IsRefused()
    {
        await File.WriteAllTextAsync(Directory.CreateDirectory(Allowed).FullName + "/plain", "x");
        await CreateAsync("ext4", Allowed + "/plain", "");
        var created = await CreateContainerAsync("true", nocopy: true);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created));

        Assert.Contains("is no block device", failure.Message);
        await _engine.Containers.RemoveAsync(created);
    }

    [Fact]
    public async Task Nfs_MountCall_HasTheServersAddressAndTheOptions()
    {
        // This kernel may have no NFS, and no server answers: the failure tells what mount(2) was asked for.
        await CreateAsync("nfs", ":/export", "addr=localhost,nfsvers=4,soft,timeo=1,retrans=1,noatime,port=1");
        var created = await CreateContainerAsync("true", nocopy: true);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created));

        Assert.StartsWith(
            $"error while mounting volume '{Data}': failed to mount local volume: mount :/export:{Data}, flags: 0x400, "
            + "data: nfsvers=4,soft,timeo=1,retrans=1,port=1,addr=127.0.0.1: ",
            failure.Message);
        Assert.False(IsMounted());
        await _engine.Containers.RemoveAsync(created);
    }

    [Fact]
    public async Task Engine_ThatIsReplaced_KeepsMountsOfRunningContainersAndUnmountsAfterThem()
    {
        await using var engine = await KernelEngine.StartAsync();
        await CreateAsync("tmpfs", "tmpfs", "size=1m", engine);
        var data = Path.Combine(engine.Instance.DataRoot, "volumes", _name, "_data");
        var id = await RunAsync("echo x > /v/f; sleep 1000", engine);
        await Eventually.HoldsAsync(() => File.Exists(data + "/f"), "it has written");

        await engine.RestartAsync();
        Assert.True(MountTable.Has(data));
        Assert.Equal("x\n", await File.ReadAllTextAsync(data + "/f"));
        await engine.Containers.KillAsync(id);
        await engine.Containers.WaitAsync(id);
        await Eventually.HoldsAsync(() => !MountTable.Has(data), "it is unmounted");

        // One that nobody uses and an engine left mounted.
        await Tool.RunAsync("mount", "-t", "tmpfs", "left", data);
        await engine.RestartAsync();
        Assert.False(MountTable.Has(data));
    }

    [Fact]
    public async Task Contents_OfAVolumeThatNobodyUses_AreMountedForTheLook()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Allowed, _name)).FullName;
        await File.WriteAllTextAsync(folder + "/host", "x");
        await CreateAsync("none", folder, "bind");

        Assert.Equal("host", Assert.Single((await _engine.VolumeContents.ListAsync(_name, "", new())).Files).Name);
        Assert.False(IsMounted());
    }

    [Fact]
    public async Task Subpath_FolderAndFile_AreMountedAlone()
    {
        await _engine.Volumes.CreateAsync(new VolumeRequest { Name = _name });
        Directory.CreateDirectory(Data + "/a/b");
        await File.WriteAllTextAsync(Data + "/a/b/f", "deep\n");
        File.CreateSymbolicLink(Data + "/near", "a/b");

        var id = await RunAsync("cat /v/f; echo new > /v/new", subpath: "a/b");
        await _engine.Containers.WaitAsync(id);
        Assert.Equal("deep\n", await _engine.LogAsync(id));
        Assert.Equal("new\n", await File.ReadAllTextAsync(Data + "/a/b/new"));
        var file = await RunAsync("cat /v", subpath: "near/f");
        await _engine.Containers.WaitAsync(file);
        Assert.Equal("deep\n", await _engine.LogAsync(file));

        Assert.DoesNotContain(await File.ReadAllLinesAsync("/proc/self/mountinfo"), line => line.Contains(id, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_engine.Instance.RunRoot, "volumes", id)));
    }

    [Theory]
    [InlineData("no/such", "cannot access path")]
    [InlineData("out", "escapes base")]
    [InlineData("rel/x", "escapes base")]
    public async Task Subpath_MissingOrLeadingOut_IsRefusedAtStart(string subpath, string message)
    {
        await _engine.Volumes.CreateAsync(new VolumeRequest { Name = _name });
        File.CreateSymbolicLink(Data + "/out", "/etc");
        File.CreateSymbolicLink(Data + "/rel", "../../..");
        var created = await CreateContainerAsync("true", subpath);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(message, failure.Message);
        await _engine.Containers.RemoveAsync(created);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc")]
    [InlineData("a/../../x")]
    public async Task Subpath_ThatIsNoneOfAVolume_IsRefusedAtCreation(string subpath)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => CreateContainerAsync("true", subpath));

        Assert.Contains("subpath must be a relative path within the volume", failure.Message);
    }

    private bool IsMounted() => MountTable.Has(Data);

    private Task<VolumeInfo> CreateAsync(string type, string device, string options, KernelEngine? engine = null)
    {
        var given = new Dictionary<string, string> { ["type"] = type, ["device"] = device, ["o"] = options };
        return (engine ?? _engine).Volumes.CreateAsync(new VolumeRequest { Name = _name, Options = given });
    }

    private async Task<string> CreateContainerAsync(string script, string subpath = "", bool nocopy = false)
    {
        var mount = new MountSpec
        {
            Type = "volume", Source = _name, Target = "/v",
            Volume = new MountVolumeSpec(nocopy, new Dictionary<string, string>(), "", new Dictionary<string, string>(), subpath),
        };
        var spec = new ContainerSpec { Image = "busybox", Command = ["sh", "-c", script], Mounts = [mount], NetworkMode = "none" };
        return (await _engine.Containers.CreateAsync(spec)).Id;
    }

    private async Task<string> RunAsync(string script, KernelEngine? engine = null, string subpath = "")
    {
        var mount = new MountSpec
        {
            Type = "volume", Source = _name, Target = "/v",
            Volume = new MountVolumeSpec(false, new Dictionary<string, string>(), "", new Dictionary<string, string>(), subpath),
        };
        return await (engine ?? _engine).RunAsync(script, spec => spec with { Mounts = [mount], NetworkMode = "none" });
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal KernelEngine Engine { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var instance = new TestInstance();
            Engine = await KernelEngine.StartAsync(
                instance, change: options => options with { VolumePaths = [instance.TempPath("allowed"), "/dev"] });
        }

        public async Task DisposeAsync() => await Engine.DisposeAsync();
    }
}
