using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Volumes;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>Volumes of a real NFS server. Few hosts may run the kernel's; the virtual machine does.</summary>
[Trait("Area", "vm")]
public sealed class NfsVolumeTests : IAsyncLifetime
{
    private const string Name = "remote";
    private KernelEngine _engine = null!;
    private NfsServer _server = null!;

    private string Data => Path.Combine(_engine.Instance.DataRoot, "volumes", Name, "_data");

    private string Served => _engine.Instance.TempPath("served");

    public async Task InitializeAsync()
    {
        _engine = await KernelEngine.StartAsync();
        Directory.CreateDirectory(Served);
        _server = await NfsServer.StartAsync(Served);
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Nfs_FolderOfAServer_IsSharedByContainersAcrossEnginesAndUnmountedAfterTheLast()
    {
        await File.WriteAllTextAsync(Served + "/given", "of the server\n");
        await CreateAsync(":/", $"addr={_server.Address},nfsvers=4.2,noatime");

        var first = await RunAsync("cat /v/given; echo written > /v/file; sleep 1000");
        await Eventually.HoldsAsync(() => File.Exists(Served + "/file"), "the server has what the container wrote");
        await _engine.RestartAsync();
        var second = await RunAsync("cat /v/file; grep ' /v ' /proc/mounts");
        await _engine.Containers.WaitAsync(second);

        Assert.Equal("of the server\n", await _engine.LogAsync(first));
        Assert.Matches($@"^written\n:/ /v nfs4 [^ ]*noatime[^ ]*vers=4\.2[^ ]*addr={_server.Address}[ ,]", await _engine.LogAsync(second));
        await _engine.Containers.RemoveAsync(second, force: true);
        Assert.True(MountTable.Has(Data));
        await _engine.Containers.RemoveAsync(first, force: true);
        Assert.False(MountTable.Has(Data));

        // Nobody's removal of the volume is a removal of what the server keeps.
        await _engine.Volumes.RemoveAsync(Name);
        Assert.Equal("written\n", await File.ReadAllTextAsync(Served + "/file"));
    }

    [Fact]
    public async Task Nfs_ReadOnlyFolderBelow_IsReadAndNotWritten()
    {
        Directory.CreateDirectory(Served + "/below");
        await File.WriteAllTextAsync(Served + "/below/file", "deep\n");
        await CreateAsync($"{_server.Address}:/below", "nfsvers=4,ro");

        var id = await RunAsync("cat /v/file; echo x 2>&1 > /v/new");
        await _engine.Containers.WaitAsync(id);

        Assert.Equal("deep\nsh: can't create /v/new: Read-only file system\n", await _engine.LogAsync(id));
    }

    [Fact]
    public async Task Nfs_FolderThatTheServerHasNot_FailsAtStartAndLeavesNothing()
    {
        await CreateAsync(":/no/such", $"addr={_server.Address},nfsvers=4");

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync("true"));

        Assert.Contains($"mount :/no/such:{Data}", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("no such file or directory", failure.Message, StringComparison.Ordinal);
        Assert.False(MountTable.Has(Data));
    }

    [Fact]
    public async Task Nfs_ServerThatIsGone_HoldsNeitherTheRemovalNorTheEngine()
    {
        await CreateAsync(":/", $"addr={_server.Address},nfsvers=4.2,hard");
        var id = await RunAsync("while :; do echo x >> /v/file; sleep 0.1; done");
        await Eventually.HoldsAsync(() => File.Exists(Served + "/file"), "it writes");

        await _server.PlugAsync(isIn: false);
        try
        {
            var patience = TestSettings.Within(TimeSpan.FromSeconds(20));
            await _engine.Containers.RemoveAsync(id, force: true).WaitAsync(patience);

            Assert.False(MountTable.Has(Data));
            Assert.Equal(Name, Assert.Single(await _engine.Volumes.ListAsync()).Name);
            await _engine.Volumes.RemoveAsync(Name).WaitAsync(patience);
        }
        finally
        {
            await _server.PlugAsync(isIn: true);
        }
    }

    private Task<VolumeInfo> CreateAsync(string device, string options)
    {
        var given = new Dictionary<string, string> { ["type"] = "nfs", ["device"] = device, ["o"] = options };
        return _engine.Volumes.CreateAsync(new VolumeRequest { Name = Name, Options = given });
    }

    private Task<string> RunAsync(string script) =>
        _engine.RunAsync(script, spec => spec with { Binds = [$"{Name}:/v"], NetworkMode = "none" });
}
