using Portal.Engine.Builds;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Builds by doing what a test says.</summary>
internal sealed class FakeBuilder : IBuilder
{
    public const string ImageId = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>What the last build asked for.</summary>
    public BuildRequest? Request { get; private set; }

    /// <summary>The context's bytes.</summary>
    public byte[] Context { get; private set; } = [];

    public BuildCachePruning? Pruning { get; private set; }

    /// <summary>What happens in a build.</summary>
    public Func<Action<BuildEvent>, CancellationToken, Task> Steps { get; set; } = (_, _) => Task.CompletedTask;

    public async Task<ImageDetails> BuildAsync(
        BuildRequest request, Stream? context, IProgress<BuildEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        Request = request;
        if (context is not null)
        {
            using var copy = new MemoryStream();
            await context.CopyToAsync(copy, cancellationToken);
            Context = copy.ToArray();
        }

        await Steps(progress!.Report, cancellationToken);
        return new ImageDetails { Id = ImageId, Platform = new ImagePlatform("linux", "amd64"), Config = new ImageConfig() };
    }

    public IReadOnlyList<BuildCacheEntry> ListCache() =>
    [
        new BuildCacheEntry("abc", "regular", "RUN x", 7, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 3, false),
        new BuildCacheEntry("def", "regular", "RUN y", 8, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, true)
        {
            Parents = ["abc"],
        },
    ];

    public BuildCacheLimits CacheLimits { get; private set; } = new(0);

    public (IReadOnlyList<BuildCacheEntry> Entries, long Bytes) PreviewPrune(BuildCachePruning pruning) => (ListCache(), 7);

    public Task<BuildCachePruned> SetCacheLimitsAsync(BuildCacheLimits limits, CancellationToken cancellationToken = default)
    {
        CacheLimits = limits;
        return Task.FromResult(new BuildCachePruned([], 0));
    }

    public Task<BuildCachePruned> PruneCacheAsync(BuildCachePruning pruning, CancellationToken cancellationToken = default)
    {
        Pruning = pruning;
        return Task.FromResult(new BuildCachePruned(["abc"], 7));
    }
}
