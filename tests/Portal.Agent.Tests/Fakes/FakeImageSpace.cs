using Portal.Engine.Images;
using Portal.Engine.Images.Space;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Images that no container uses: a dangling one of 1970, and two with names, one of them labelled.</summary>
public sealed class FakeImageSpace : IImageSpace
{
    private static readonly ImageSummary[] s_images =
    [
        new() { Id = "sha256:" + new string('1', 64), Created = DateTimeOffset.UnixEpoch },
        new() { Id = "sha256:" + new string('2', 64), Names = ["old:1"], Created = DateTimeOffset.UnixEpoch },
        new()
        {
            Id = "sha256:" + new string('3', 64),
            Names = ["new:1"],
            Created = DateTimeOffset.UnixEpoch.AddDays(10),
            Labels = new Dictionary<string, string> { ["keep"] = "yes" },
        },
    ];

    public ImageSpaceUsage Measure() => new(1500, new Dictionary<string, long> { [FakeImages.Id] = 7 });

    public Task<PrunePreview> PreviewAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        var chosen = s_images.Where(selects).ToList();
        return Task.FromResult(new PrunePreview(chosen, chosen.Count * 100));
    }

    public Task<ImagesPruned> PruneAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        var removed = s_images.Where(selects).Select(image => new ImageRemoval(image.Names, [image.Id])).ToList();
        return Task.FromResult(new ImagesPruned(removed, removed.Count * 100));
    }
}
