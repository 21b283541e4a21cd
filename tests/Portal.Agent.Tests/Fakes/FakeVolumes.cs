using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Engine.Volumes.Contents;

namespace Portal.Agent.Tests.Fakes;

/// <summary>One volume, <c>data</c>, whose files are a few answers; keeps what was written and asked for.</summary>
public sealed class FakeVolumes : IVolumes, IVolumeContents, IVolumeBackups
{
    /// <summary>What a read, an archive and a backup give.</summary>
    public byte[] Content { get; } = [.. Enumerable.Range(0, 700_000).Select(number => (byte)number)];

    public byte[] Written { get; private set; } = [];

    public string Asked { get; private set; } = "";

    public VolumeInfo Volume { get; } = new()
    {
        Name = "data",
        Mountpoint = "/nowhere/data/_data",
        Created = DateTimeOffset.UnixEpoch,
        Labels = new Dictionary<string, string> { ["a"] = "b" },
        Size = new VolumeSize(5, DateTimeOffset.UnixEpoch),
    };

    public Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default)
    {
        Asked = $"create {request.Name} {string.Join(',', request.Options.Select(option => $"{option.Key}={option.Value}"))}";
        return Task.FromResult(Volume with { Name = request.Name!, Options = request.Options });
    }

    public Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<VolumeInfo>>([Volume]);

    public Task<IReadOnlyList<VolumeInfo>> ListWithSizesAsync(CancellationToken cancellationToken = default) => ListAsync(cancellationToken);

    public Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default)
    {
        Check(name);
        return Task.FromResult(Volume);
    }

    public Task<VolumeSize?> MeasureAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(Volume.Size);

    public Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        Check(name);
        Asked = $"remove {name}";
        return Task.CompletedTask;
    }

    public Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default) =>
        Task.FromResult(selects(Volume) ? new VolumesPruned(["data"], 5) : new VolumesPruned([], 0));

    public Task<VolumePage> ListAsync(string volume, string path, VolumeListing listing, CancellationToken cancellationToken = default)
    {
        Check(volume);
        Asked = $"list {path} {listing.PageSize} {listing.Token} {listing.NameContains}";
        return Task.FromResult(new VolumePage([FileOf("f")], "next", 7));
    }

    public Task<VolumeFile> StatAsync(string volume, string path, CancellationToken cancellationToken = default) =>
        Task.FromResult(FileOf(path));

    public async Task ReadAsync(
        string volume, string path, long offset, long length, Func<VolumeFile, ValueTask<Stream>> open,
        CancellationToken cancellationToken = default)
    {
        Check(volume);
        Asked = $"read {path} {offset} {length}";
        await (await open(FileOf(path))).WriteAsync(Content, cancellationToken);
    }

    public Task ReadArchiveAsync(
        string volume, string path, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken = default) =>
        ReadAsync(volume, path, 0, 0, open, cancellationToken);

    public async Task<VolumeFile> WriteAsync(
        string volume, string path, VolumeWrite how, Stream content, CancellationToken cancellationToken = default)
    {
        Check(volume);
        Asked = $"write {path} {how.Replace} {Convert.ToString(how.Mode, 8)} {how.Size}";
        await KeepAsync(content, cancellationToken);
        return FileOf(path);
    }

    public Task<VolumeFile> MakeFolderAsync(string volume, string path, int mode = 0x1ED, CancellationToken cancellationToken = default)
    {
        Asked = $"folder {path} {Convert.ToString(mode, 8)}";
        return Task.FromResult(FileOf(path));
    }

    public Task<VolumeFile> RenameAsync(string volume, string path, string newPath, CancellationToken cancellationToken = default)
    {
        Asked = $"rename {path} {newPath}";
        return Task.FromResult(FileOf(newPath));
    }

    public Task DeleteAsync(string volume, string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        Asked = $"delete {path} {recursive}";
        return Task.CompletedTask;
    }

    public async Task<VolumeArchived> BackupAsync(
        string volume, VolumeUserHandling users, Stream output, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(volume);
        Asked = $"backup {users}";
        progress!.Report(new VolumeTransferProgress(VolumeTransferPhase.Copying, 1, 2, 3, ["web"]));
        await output.WriteAsync(Content, cancellationToken);
        return new VolumeArchived(1, 2, Content.Length, "sha256:x", ["s"], 4);
    }

    public async Task<VolumeUnpacked> RestoreAsync(
        VolumeRestore request, Stream archive, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(request.Volume);
        Asked = $"restore {request.Create} {request.Replace} {request.Users} {request.Digest}";
        progress!.Report(new VolumeTransferProgress(VolumeTransferPhase.Swapping, 1, 2, null, []));
        await KeepAsync(archive, cancellationToken);
        return new VolumeUnpacked(Encoding.UTF8.GetBytes("{}"), 5, 6, "sha256:x");
    }

    private static VolumeFile FileOf(string name) =>
        new() { Name = name, Kind = VolumeFileKind.File, Size = 3, Mode = 0x81A4, Modified = DateTimeOffset.UnixEpoch, UserId = 7 };

    private static void Check(string name)
    {
        if (name != "data")
        {
            throw EngineException.NotFound($"get {name}: no such volume");
        }
    }

    private async Task KeepAsync(Stream content, CancellationToken cancellationToken)
    {
        using var written = new MemoryStream();
        await content.CopyToAsync(written, cancellationToken);
        Written = written.ToArray();
    }
}
