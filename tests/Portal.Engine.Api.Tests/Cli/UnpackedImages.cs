using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Snapshots;
using Portal.Testing.Images;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>One image, busybox, unpacked straight into the snapshots: containers need no more of an image store than this.</summary>
internal sealed class UnpackedImages(ISnapshotter snapshots) : IImages
{
    private readonly List<ImageDetails> _all = [];

    public async Task AddBusyboxAsync(string folder)
    {
        var builder = await BusyboxImages.CreateAsync();
        builder.WriteLayout(folder, gzip: false);
        var diffId = builder.DiffIds[0];
        await using var tar = File.OpenRead(Path.Combine(folder, "blobs", "sha256", diffId["sha256:".Length..]));
        await snapshots.UnpackAsync(diffId, null, diffId, tar);
        _all.Add(new ImageDetails
        {
            Id = TestImageBuilder.Digest(builder.BuildConfig()),
            Names = ["busybox:latest"],
            Platform = new ImagePlatform("linux", "amd64"),
            Config = new ImageConfig { Command = ["sh"], Environment = ["PATH=/bin:/usr/bin"] },
            DiffIds = [diffId],
            ChainId = diffId,
        });
    }

    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<ImageSummary>>(
            [.. _all.Select(image => new ImageSummary { Id = image.Id, Names = image.Names })]);
    }

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default)
    {
        return _all.Find(image => image.Id == reference || image.Names.Contains(reference) || image.Names.Contains($"{reference}:latest"))
            is { } found
            ? Task.FromResult(found)
            : throw EngineException.NotFound($"No such image: {reference}");
    }

    public Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"no registry has '{reference}'");
    }

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        throw EngineException.InvalidArgument("not an archive");
    }

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default)
    {
        return InspectAsync("busybox", cancellationToken);
    }

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"No such image: {reference}");
    }

    public Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"No such image: {reference}");
    }
}
