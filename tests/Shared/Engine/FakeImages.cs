using System.Collections.Concurrent;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Testing.Engine;

/// <summary>Images that a test makes up. Pulls and loads are not for it.</summary>
public sealed class FakeImages : IImages, IImageCollector
{
    private readonly ConcurrentDictionary<string, ImageDetails> _byName = new();

    public FakeImages()
    {
        Add("busybox:latest", new ImageConfig { Command = ["sh"], Environment = ["PATH=/bin"] });
    }

    /// <summary>Adds or replaces an image of one layer.</summary>
    public ImageDetails Add(string name, ImageConfig config, string? diffId = null)
    {
        var layer = diffId ?? "sha256:" + new string('a', 64);
        var id = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(name)));
        return _byName[name] = new ImageDetails
        {
            Id = id,
            Names = [name],
            Platform = new ImagePlatform("linux", "amd64"),
            Config = config,
            DiffIds = [layer],
            ChainId = layer,
        };
    }

    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<ImageSummary>>(
            _byName.Values.Select(image => new ImageSummary { Id = image.Id, Names = image.Names }).ToList());
    }

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default)
    {
        var name = reference.Contains(':', StringComparison.Ordinal) ? reference : reference + ":latest";
        return Task.FromResult(
            _byName.Values.FirstOrDefault(image => image.Id == reference || image.Names.Contains(name))
                ?? throw EngineException.NotFound($"No such image: {name}"));
    }

    public async Task<ImageDetails> InspectAsync(
        string reference, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        var image = await InspectAsync(reference, cancellationToken);
        return platform is null || platform.Architecture == image.Platform.Architecture
            ? image
            : throw EngineException.NotFound($"image with reference {reference} was found but its platform ({image.Platform}) does not match");
    }

    public Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        throw new NotSupportedException("This fake has no registry.");
    }

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        throw new NotSupportedException("This fake reads no archives.");
    }

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default)
    {
        return InspectAsync("busybox:latest", cancellationToken);
    }

    public Task<long> CollectAsync(TimeSpan minimumAge, CancellationToken cancellationToken = default) => Task.FromResult(0L);

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default)
    {
        throw new NotSupportedException("This fake has fixed names.");
    }

    public Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default)
    {
        foreach (var pair in _byName.Where(pair => pair.Key == reference))
        {
            _byName.TryRemove(pair.Key, out _);
        }

        return Task.FromResult(new ImageRemoval([reference], []));
    }
}
