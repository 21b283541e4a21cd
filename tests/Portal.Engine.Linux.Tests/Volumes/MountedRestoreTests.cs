using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>Archives restored into volumes on which something is mounted. Volumes of its own for each test.</summary>
public sealed class MountedRestoreTests : IClassFixture<MountedRestoreTests.Fixture>
{
    private readonly KernelEngine _engine;
    private readonly string _name = $"v{Guid.NewGuid():N}"[..12];
    private readonly string _source = $"s{Guid.NewGuid():N}"[..12];

    public MountedRestoreTests(Fixture fixture) => _engine = fixture.Engine;

    private string VolumeFolder => Path.Combine(_engine.Instance.DataRoot, "volumes", _name);

    [Fact]
    public async Task Restore_BoundFolder_HasTheArchivesFilesAlone()
    {
        var folder = await CreateBindAsync("bind");
        await File.WriteAllTextAsync(folder + "/old", "of the host");
        var archive = await ArchiveAsync();
        var restore = new VolumeRestore { Volume = _name };

        var refused = await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(archive, restore));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Equal(["old"], NamesIn(folder));
        await RestoreAsync(archive, restore with { Replace = true });

        Assert.Equal(["f"], NamesIn(folder));
        Assert.Equal("archived", await File.ReadAllTextAsync(folder + "/f"));
        Assert.Equal(["_data", "volume.json"], NamesIn(VolumeFolder));
        Assert.False((await _engine.Volumes.InspectAsync(_name)).IsMounted);
    }

    [Fact]
    public async Task Restore_BoundFolderThatIsEmpty_TakesNoWord()
    {
        var folder = await CreateBindAsync("bind");

        await RestoreAsync(await ArchiveAsync(), new VolumeRestore { Volume = _name });

        Assert.Equal(["f"], NamesIn(folder));
    }

    [Fact]
    public async Task Restore_DamagedArchive_LeavesWhatIsMountedAsItWas()
    {
        var folder = await CreateBindAsync("bind");
        await File.WriteAllTextAsync(folder + "/old", "of the host");
        var archive = await ArchiveAsync();

        await Assert.ThrowsAsync<EngineException>(
            () => RestoreAsync(archive[..^1], new VolumeRestore { Volume = _name, Replace = true }));

        Assert.Equal(["old"], NamesIn(folder));
        Assert.Equal(["_data", "volume.json"], NamesIn(VolumeFolder));
    }

    [Fact]
    public async Task Restore_ReadOnlyMount_IsRefusedWithTheReason()
    {
        var folder = await CreateBindAsync("bind,ro");

        var failure = await Assert.ThrowsAsync<EngineException>(
            async () => await RestoreAsync(await ArchiveAsync(), new VolumeRestore { Volume = _name }));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("read-only", failure.Message);
        Assert.Empty(NamesIn(folder));
    }

    [Fact]
    public async Task Restore_Memory_NeedsAUserThatIsStoppedForIt()
    {
        await CreateAsync("tmpfs", "tmpfs", "size=4m");
        var archive = await ArchiveAsync();
        var restore = new VolumeRestore { Volume = _name, Replace = true, Users = VolumeUserHandling.Stop };
        var refused = await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(archive, restore));
        Assert.Contains("in memory", refused.Message);

        var id = await _engine.RunAsync(
            "cat /v/f 2>/dev/null || echo none; while :; do sleep 1; done",
            spec => spec with { Binds = [$"{_name}:/v"], NetworkMode = "none", StopTimeout = 0 });
        await Eventually.HoldsAsync(async () => await _engine.LogAsync(id) == "none\n", "it has looked");
        await RestoreAsync(archive, restore);

        await Eventually.HoldsAsync(async () => await _engine.LogAsync(id) == "none\narchived", "it runs with the archived file");
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        await _engine.Containers.RemoveAsync(id, force: true);
    }

    [Fact]
    public async Task Use_AfterARestoreThatWasCutOff_FindsItEnded()
    {
        var folder = await CreateBindAsync("bind");
        const string Work = ".portal-restore-cut";
        Directory.CreateDirectory($"{folder}/{Work}/new");
        await File.WriteAllTextAsync($"{folder}/{Work}/new/f", "new");
        await File.WriteAllTextAsync($"{folder}/old", "old");
        await File.WriteAllTextAsync($"{VolumeFolder}/_placing", Work);

        using var output = new MemoryStream();
        await _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Leave, output);

        Assert.Equal(["f"], NamesIn(folder));
        Assert.Equal(["_data", "volume.json"], NamesIn(VolumeFolder));
    }

    [Fact]
    public async Task Backup_WhileWhatIsMountedIsRestored_IsAConflict()
    {
        await CreateBindAsync("bind");
        var archive = await ArchiveAsync();
        EngineException? refused = null;
        var input = new ProbedStream(archive, async () => refused ??= await Assert.ThrowsAsync<EngineException>(
            () => _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Leave, new MemoryStream())));

        await _engine.VolumeBackups.RestoreAsync(new VolumeRestore { Volume = _name }, input);

        Assert.Contains("being restored", refused!.Message);
    }

    private static string[] NamesIn(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task<string> CreateBindAsync(string options)
    {
        var folder = Directory.CreateDirectory(_engine.Instance.TempPath(_name)).FullName;
        await CreateAsync("none", folder, options);
        return folder;
    }

    private Task CreateAsync(string type, string device, string options) => _engine.Volumes.CreateAsync(new VolumeRequest
    {
        Name = _name,
        Options = new Dictionary<string, string> { ["type"] = type, ["device"] = device, ["o"] = options },
    });

    private async Task<byte[]> ArchiveAsync()
    {
        var volume = await _engine.Volumes.CreateAsync(new VolumeRequest { Name = _source });
        await File.WriteAllTextAsync(volume.Mountpoint + "/f", "archived");
        using var output = new MemoryStream();
        await _engine.VolumeBackups.BackupAsync(_source, VolumeUserHandling.Leave, output);
        return output.ToArray();
    }

    private Task<VolumeUnpacked> RestoreAsync(byte[] archive, VolumeRestore request) =>
        _engine.VolumeBackups.RestoreAsync(request, new MemoryStream(archive));

    /// <summary>Does something before each piece is read.</summary>
    private sealed class ProbedStream(byte[] bytes, Func<Task> probe) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await probe();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal KernelEngine Engine { get; private set; } = null!;

        public async Task InitializeAsync() => Engine = await KernelEngine.StartAsync();

        public async Task DisposeAsync() => await Engine.DisposeAsync();
    }
}
