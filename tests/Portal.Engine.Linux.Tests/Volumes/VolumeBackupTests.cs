using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Linux.Volumes.Archives;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>Archives of volumes on the real kernel. Volumes of its own for each test.</summary>
public sealed class VolumeBackupTests : IClassFixture<VolumeBackupTests.Fixture>
{
    private static readonly byte[] s_header = """{"version":1,"name":"x","labels":{"from":"archive"},"options":{}}"""u8.ToArray();
    private readonly KernelEngine _engine;
    private readonly string _name = $"v{Guid.NewGuid():N}"[..12];

    public VolumeBackupTests(Fixture fixture) => _engine = fixture.Engine;

    private string Data => DataOf(_name);

    [Fact]
    public async Task Restore_OfABackup_HasAllThatFilesCanHave()
    {
        await CreateAsync();
        await ShellAsync(
            "mkdir -p d/e; printf abc > d/f; ln d/f d/hard; ln -s ../nowhere l; mkfifo p; chmod 4755 d/f; chown 12:34 d/f; chown -h 5:6 l;"
            + " truncate -s 3M s; printf x | dd of=s bs=1 seek=2M conv=notrunc status=none; touch -d @1000000000.25 d/f d/e;"
            + " printf 1 > $'n\\xff'; chmod 1770 .; chown 7:8 .; touch -d @1100000000 d .");
        using (var file = File.OpenHandle(Data + "/d/f", access: FileAccess.ReadWrite))
        {
            Assert.Equal(0, FileCalls.TrySetAttribute(file, "user.note", "kept"u8.ToArray()));
        }

        var archive = await BackupAsync();

        var unpacked = await RestoreAsync(archive, new VolumeRestore { Volume = _name + "b", Create = true });

        Assert.Equal(await DescribeAsync(Data), await DescribeAsync(DataOf(_name + "b")));
        using (var file = File.OpenHandle(DataOf(_name + "b") + "/d/f"))
        {
            Assert.Equal("kept"u8.ToArray(), FileCalls.GetAttribute(file, "user.note"));
        }

        Assert.InRange(int.Parse((await Tool.RunAsync("du", "-k", DataOf(_name + "b") + "/s")).Split('\t')[0]), 0, 1024);
        Assert.Equal("yes", (await _engine.Volumes.InspectAsync(_name + "b")).Labels["keep"]);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(archive))}", unpacked.Digest);
    }

    [Fact]
    public async Task Backup_SameFiles_AreTheSameBytesAndATarForOthers()
    {
        await CreateAsync();
        await ShellAsync("mkdir d; for i in $(seq 1 50); do echo $i > d/$i; done");

        var first = await BackupAsync();
        var second = await BackupAsync();

        Assert.Equal(first, second);
        await File.WriteAllBytesAsync(_engine.Instance.TempPath(_name + ".tar.zst"), first);
        var listed = await Tool.RunAsync("tar", "--zstd", "-tf", _engine.Instance.TempPath(_name + ".tar.zst"));
        Assert.StartsWith("volume.json\ndata/\ndata/d/\ndata/d/1\n", listed);
    }

    [Fact]
    public async Task Backup_DevicesAndSockets_AreLeftOutAndTold()
    {
        await CreateAsync();
        await ShellAsync("mkdir d; mknod d/null c 1 3; : > f");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Data + "/s"));
        using var output = new MemoryStream();

        var made = await _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Leave, output);

        Assert.Equal(["d/null", "s"], made.LeftOut);
        Assert.Equal((2L, 3L, output.Length), (made.LeftOutCount, made.Entries, made.ArchiveBytes));
    }

    [Fact]
    public async Task Restore_DamagedAnywhere_IsRefusedAndChangesNothing()
    {
        await CreateAsync();
        await ShellAsync("head -c 300000 /dev/urandom > f; echo old > g");
        var archive = await BackupAsync();
        var before = await DescribeAsync(Data);
        var random = new Random(3);
        var spoiled = Enumerable.Range(0, 12)
            .Select(_ =>
            {
                var copy = archive.ToArray();
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                return copy;
            })
            .Concat([archive[..^1], archive[..^48], archive[..(archive.Length / 2)], [.. archive, 0]])
            .Concat([[.. archive, .. archive], [], archive[^48..]]);
        foreach (var bad in spoiled)
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => RestoreAsync(bad, new VolumeRestore { Volume = _name, Replace = true }));
            Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        }

        Assert.Equal(before, await DescribeAsync(Data));
        Assert.Equal(["_data", "volume.json"], NamesIn(Path.GetDirectoryName(Data)!));
    }

    [Fact]
    public async Task Restore_OtherDigestThanWanted_IsRefused()
    {
        await CreateAsync();
        var archive = await BackupAsync();
        var wanted = "sha256:" + new string('0', 64);

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => RestoreAsync(archive, new VolumeRestore { Volume = _name + "b", Create = true, Digest = wanted }));

        Assert.Contains(wanted, failure.Message);
        await Assert.ThrowsAsync<EngineException>(() => _engine.Volumes.InspectAsync(_name + "b"));
        Assert.DoesNotContain(
            NamesIn(Path.Combine(_engine.Instance.DataRoot, "volumes")), name => name.StartsWith(".restoring", StringComparison.Ordinal));
    }

    public static TheoryData<string, byte[]> Hostile => new()
    {
        { "..", new RawTar().Add("volume.json", data: s_header).Add("data/../../x", data: "x"u8.ToArray()).Build() },
        { "absolute", new RawTar().Add("volume.json", data: s_header).Add("/etc/x", data: "x"u8.ToArray()).Build() },
        { "outside of data", new RawTar().Add("volume.json", data: s_header).Add("other/x", data: "x"u8.ToArray()).Build() },
        { "like data", new RawTar().Add("volume.json", data: s_header).Add("data2/x", data: "x"u8.ToArray()).Build() },
        { "character device", new RawTar().Add("volume.json", data: s_header).Add("data/null", '3').Build() },
        { "block device", new RawTar().Add("volume.json", data: s_header).Add("data/sda", '4').Build() },
        { "link out", new RawTar().Add("volume.json", data: s_header).Add("data/x", '1', link: "../volume.json").Build() },
        { "no header", new RawTar().Add("data/x", data: "x"u8.ToArray()).Build() },
        { "bad header", new RawTar().Add("volume.json", data: "{"u8.ToArray()).Build() },
        { "newer header", new RawTar().Add("volume.json", data: """{"version":2}"""u8.ToArray()).Build() },
        { "null labels", new RawTar().Add("volume.json", data: """{"version":1,"labels":null}"""u8.ToArray()).Build() },
        { "no tar", "hello"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Restore_HostileArchive_IsRefusedAndLeavesNothing(string what, byte[] tar)
    {
        var archive = await SealAsync(tar);

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => RestoreAsync(archive, new VolumeRestore { Volume = _name, Create = true }));

        Assert.True(failure.Kind == EngineErrorKind.InvalidArgument, $"{what}: {failure.Message}");
        await Assert.ThrowsAsync<EngineException>(() => _engine.Volumes.InspectAsync(_name));
    }

    [Fact]
    public async Task Restore_LinkThatLeadsOutAndAFileThroughIt_StaysWithin()
    {
        var outside = Directory.CreateDirectory(_engine.Instance.TempPath("outside-" + _name)).FullName;
        var tar = new RawTar()
            .Add("volume.json", data: s_header).Add("data/l", '2', link: outside).Add("data/l/x", data: "x"u8.ToArray()).Build();
        try
        {
            await RestoreAsync(await SealAsync(tar), new VolumeRestore { Volume = _name, Create = true });
        }
        catch (EngineException failure)
        {
            Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        }

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task Restore_FileLargerThanTheDisk_IsRefusedBeforeItIsWritten()
    {
        var tar = new RawTar()
            .Add("volume.json", data: s_header).AddPax(("size", "9000000000000000"u8.ToArray())).Add("data/bomb").BuildUnfinished();

        var failure = await Assert.ThrowsAsync<EngineException>(
            async () => await RestoreAsync(await SealAsync(tar), new VolumeRestore { Volume = _name, Create = true }));

        Assert.Contains("the most that is allowed", failure.Message);
    }

    [Fact]
    public async Task Restore_VolumeWithFiles_TakesTheWord()
    {
        await CreateAsync();
        var empty = await BackupAsync();
        await ShellAsync("echo x > f");

        var failure = await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(empty, new VolumeRestore { Volume = _name }));
        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        await RestoreAsync(empty, new VolumeRestore { Volume = _name, Replace = true });

        Assert.Empty(Directory.GetFileSystemEntries(Data));
        await RestoreAsync(empty, new VolumeRestore { Volume = _name });
        var taken = await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(empty, new VolumeRestore { Volume = _name, Create = true }));
        Assert.Equal(EngineErrorKind.AlreadyExists, taken.Kind);
    }

    [Fact]
    public async Task Restore_VolumeInUse_IsRefusedOrStopsItsUsersForTheSwap()
    {
        await CreateAsync();
        await ShellAsync("echo archived > f");
        var archive = await BackupAsync();
        await ShellAsync("echo newer > f");
        var id = await _engine.RunAsync("cat /v/f; while :; do sleep 1; done", WithVolume);
        var restore = new VolumeRestore { Volume = _name, Replace = true };

        var refused = await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(archive, restore));
        Assert.Contains(id, refused.Message);
        await Assert.ThrowsAsync<EngineException>(() => RestoreAsync(archive, restore with { Users = VolumeUserHandling.Pause }));
        var seen = new List<VolumeTransferProgress>();
        await _engine.VolumeBackups.RestoreAsync(
            restore with { Users = VolumeUserHandling.Stop }, new MemoryStream(archive), new Recorder(seen));

        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        await Eventually.HoldsAsync(async () => await _engine.LogAsync(id) == "newer\narchived\n", "it runs with the archived file");
        Assert.Equal(
            [VolumeTransferPhase.Copying, VolumeTransferPhase.Quiescing, VolumeTransferPhase.Swapping, VolumeTransferPhase.Resuming],
            seen.Select(news => news.Phase).Distinct());
        Assert.Single(seen.First(news => news.Phase == VolumeTransferPhase.Swapping).Held);
        await _engine.Containers.RemoveAsync(id, force: true);
    }

    [Theory]
    [InlineData(VolumeUserHandling.Pause, ContainerState.Paused)]
    [InlineData(VolumeUserHandling.Stop, ContainerState.Exited)]
    public async Task Backup_HeldUsers_AreHeldWhileItIsWrittenAndComeBack(VolumeUserHandling users, ContainerState held)
    {
        await CreateAsync();
        var id = await _engine.RunAsync("while :; do sleep 1; done", WithVolume);
        var paused = await _engine.RunAsync("while :; do sleep 1; done", spec => spec with { NetworkMode = "none" });
        var states = new List<ContainerState>();
        var output = new ProbingStream(async () => states.Add((await _engine.Containers.InspectAsync(id)).State));

        await _engine.VolumeBackups.BackupAsync(_name, users, output);

        Assert.All(states, state => Assert.Equal(held, state));
        Assert.NotEmpty(states);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(paused)).State);
        Assert.Empty(Directory.GetFiles(Path.Combine(_engine.Instance.DataRoot, "volumes", ".holds")));
        await _engine.Containers.RemoveAsync(id, force: true);
        await _engine.Containers.RemoveAsync(paused, force: true);
    }

    [Fact]
    public async Task Backup_ThatFails_BringsUsersBackAll()
    {
        await CreateAsync();
        var id = await _engine.RunAsync("while :; do sleep 1; done", WithVolume);
        using var cancelled = new CancellationTokenSource();
        var output = new ProbingStream(async () => await cancelled.CancelAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Pause, output, null, cancelled.Token));

        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        await _engine.Containers.RemoveAsync(id, force: true);
        await _engine.Volumes.RemoveAsync(_name);
    }

    [Fact]
    public async Task Backup_UserThatWouldNotComeBack_IsNotStopped()
    {
        await CreateAsync();
        var id = await _engine.RunAsync("while :; do sleep 1; done", spec => WithVolume(spec) with { AutoRemove = true });

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Stop, new MemoryStream()));

        Assert.Contains("--rm", failure.Message);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        await _engine.Containers.RemoveAsync(id, force: true);
    }

    [Fact]
    public async Task Volume_ThatIsRead_IsNotRemovedMeanwhile()
    {
        await CreateAsync();
        EngineException? refused = null;
        var output = new ProbingStream(async () =>
            refused = await Assert.ThrowsAsync<EngineException>(() => _engine.Volumes.RemoveAsync(_name)));

        await _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Leave, output);

        Assert.Contains("volume is in use", refused!.Message);
        await _engine.Volumes.RemoveAsync(_name);
    }

    private static async Task<byte[]> SealAsync(byte[] tar)
    {
        using var output = new MemoryStream();
        using var compressor = new ZstandardCompressor(output);
        await compressor.WriteAsync(tar);
        await compressor.FinishAsync(CancellationToken.None);
        var body = output.ToArray();
        return [.. body, .. ArchiveTrailer.Make(SHA256.HashData(body))];
    }

    private static string[] NamesIn(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static Task<string> DescribeAsync(string folder) => Tool.RunAsync(
        "bash", "-c",
        "cd $1; find . -printf '%P %y %m %U %G %T@ %l %n\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum",
        "bash", folder);

    private ContainerSpec WithVolume(ContainerSpec spec) => spec with { Binds = [$"{_name}:/v"], NetworkMode = "none", StopTimeout = 0 };

    private string DataOf(string name) => Path.Combine(_engine.Instance.DataRoot, "volumes", name, "_data");

    private Task CreateAsync() => _engine.Volumes.CreateAsync(
        new VolumeRequest { Name = _name, Labels = new Dictionary<string, string> { ["keep"] = "yes" } });

    private Task ShellAsync(string script) => Tool.RunAsync("bash", "-c", "cd $1; " + script, "bash", Data);

    private async Task<byte[]> BackupAsync()
    {
        using var output = new MemoryStream();
        await _engine.VolumeBackups.BackupAsync(_name, VolumeUserHandling.Leave, output);
        return output.ToArray();
    }

    private Task<VolumeUnpacked> RestoreAsync(byte[] archive, VolumeRestore request) =>
        _engine.VolumeBackups.RestoreAsync(request, new MemoryStream(archive));

    private sealed class Recorder(List<VolumeTransferProgress> seen) : IProgress<VolumeTransferProgress>
    {
        public void Report(VolumeTransferProgress value) => seen.Add(value);
    }

    /// <summary>Does something with each piece that is written.</summary>
    private sealed class ProbingStream(Func<Task> probe) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await probe();
            cancellationToken.ThrowIfCancellationRequested();
            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal KernelEngine Engine { get; private set; } = null!;

        public async Task InitializeAsync() => Engine = await KernelEngine.StartAsync();

        public async Task DisposeAsync() => await Engine.DisposeAsync();
    }
}
