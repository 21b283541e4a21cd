using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>One image, <c>busybox:latest</c>, and pulls and loads that a test scripts.</summary>
internal sealed class FakeImages : IImages
{
    public static string Id { get; } = "sha256:" + new string('1', 64);

    public List<ImageSummary> All { get; } =
    [
        new() { Id = Id, Names = ["busybox:latest"], Size = 1234, Created = DateTimeOffset.UnixEpoch.AddDays(1) },
    ];

    public Func<IProgress<TransferProgress>, Task>? Transfer { get; set; }

    public string? Asked { get; private set; }

    public long LoadedBytes { get; private set; }

    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<ImageSummary>>(All);
    }

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default)
    {
        Asked = reference;
        return reference is "busybox" or "busybox:latest" or "localhost:5000/a/b:1"
            ? Task.FromResult(Details())
            : throw EngineException.NotFound($"no image '{reference}'");
    }

    public async Task<ImageDetails> InspectAsync(
        string reference, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        var image = await InspectAsync(reference, cancellationToken);
        return platform is null || platform.Architecture == image.Platform.Architecture
            ? image
            : throw EngineException.NotFound($"image with reference {reference} was found but its platform ({image.Platform}) does not match");
    }

    public async Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Asked = $"{reference} {platform}".Trim();
        await (Transfer?.Invoke(progress!) ?? Task.CompletedTask);
        return Details();
    }

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var buffer = new byte[65536];
        int read;
        while ((read = await archive.ReadAsync(buffer, cancellationToken)) > 0)
        {
            LoadedBytes += read;
        }

        await (Transfer?.Invoke(progress!) ?? Task.CompletedTask);
        return [new LoadedImage(Id, "busybox:latest")];
    }

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default) => Task.FromResult(Details());

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default)
    {
        Asked = $"{reference} as {newName}";
        return Task.CompletedTask;
    }

    public Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default)
    {
        Asked = $"{reference} {force}";
        return Task.FromResult(new ImageRemoval([reference], [Id]));
    }

    private static ImageDetails Details()
    {
        return new ImageDetails
        {
            Id = Id,
            Names = ["busybox:latest"],
            Digests = ["busybox@sha256:" + new string('2', 64)],
            Created = DateTimeOffset.UnixEpoch.AddDays(1),
            Platform = new ImagePlatform("linux", "amd64"),
            Config = new ImageConfig { Command = ["sh"], Environment = ["PATH=/bin"], OnBuild = ["RUN x"] },
            DiffIds = ["sha256:" + new string('3', 64)],
            History = [new ImageHistoryEntry(DateTimeOffset.UnixEpoch, "ADD", "", false), new ImageHistoryEntry(null, "CMD", "last", true)],
        };
    }
}
