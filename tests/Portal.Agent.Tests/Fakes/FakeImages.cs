using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Agent.Tests.Fakes;

/// <summary>One image, and loads that count bytes.</summary>
public sealed class FakeImages : IImages
{
    private static readonly ImageDetails s_busybox = new()
    {
        Id = "sha256:" + new string('b', 64),
        Names = ["busybox:latest"],
        Platform = new ImagePlatform("linux", "amd64"),
        Config = new ImageConfig { Command = ["sh"] },
        LayerSizes = [5, 6],
        Problem = "Its configuration is damaged.",
        History =
        [
            new ImageHistoryEntry(null, "COPY one /", "", false),
            new ImageHistoryEntry(null, "CMD sh", "", true),
            new ImageHistoryEntry(null, "COPY two /", "", false),
        ],
    };

    public static string Id => s_busybox.Id;

    public long LoadedBytes { get; private set; }

    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ImageSummary>>(
            [new ImageSummary { Id = s_busybox.Id, Names = s_busybox.Names, Containers = 2, Problem = s_busybox.Problem }]);

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default) =>
        Task.FromResult(s_busybox);

    public Task<ImageDetails> InspectAsync(
        string reference, ImagePlatform? platform, CancellationToken cancellationToken = default) => InspectAsync(reference, cancellationToken);

    public async Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (reference == "forever")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Downloading, 10, 20));
        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Complete, 20, 20));
        return reference == "busybox"
            ? s_busybox
            : throw new EngineException(EngineErrorKind.Unavailable, $"The registry of '{reference}' can't be reached.");
    }

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var buffer = new byte[8192];
        int count;
        while ((count = await archive.ReadAsync(buffer, cancellationToken)) > 0)
        {
            LoadedBytes += count;
            progress?.Report(new TransferProgress("archive", TransferPhase.Extracting, LoadedBytes));
        }

        return [new LoadedImage(s_busybox.Id, "busybox:latest")];
    }

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(s_busybox);

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public Task<ImageRemoval> RemoveAsync(
        string reference, bool force = false, CancellationToken cancellationToken = default) =>
        force || reference != "used"
            ? Task.FromResult(new ImageRemoval([reference], [s_busybox.Id]))
            : throw new ImageConflictException(
                "conflict: unable to delete bbbbbbbbbbbb (must be forced) - image is being used by stopped container c1",
                s_busybox.Id,
                ["busybox:latest"],
                [.. Enumerable.Range(1, 60).Select(number => new ImageUser($"c{number}", false, $"größe-{number}"))],
                mayForce: true);
}
