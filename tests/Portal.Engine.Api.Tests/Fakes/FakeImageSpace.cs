using Portal.Engine.Images;
using Portal.Engine.Images.Space;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>A dangling image and a named one, both of the first day of 1970, that share 10 bytes.</summary>
internal sealed class FakeImageSpace : IImageSpace
{
    public static string Dangling { get; } = "sha256:" + new string('2', 64);

    private readonly ImageSummary[] _images =
    [
        new() { Id = FakeImages.Id, Names = ["busybox:latest"], Created = DateTimeOffset.UnixEpoch },
        new() { Id = Dangling, Created = DateTimeOffset.UnixEpoch, Labels = new Dictionary<string, string> { ["keep"] = "yes" } },
    ];

    public ImageSpaceUsage Measure() => new(1500, new Dictionary<string, long> { [FakeImages.Id] = 10 });

    public Task<PrunePreview> PreviewAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        var chosen = _images.Where(selects).ToList();
        return Task.FromResult(new PrunePreview(chosen, chosen.Count * 100));
    }

    public Task<ImagesPruned> PruneAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        var removed = _images.Where(selects).Select(image => new ImageRemoval(image.Names, [image.Id])).ToList();
        return Task.FromResult(new ImagesPruned(removed, removed.Count * 100));
    }
}
