using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Hosts;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images;

/// <summary>The images of this engine: the front of puller, loader, remover and index.</summary>
internal sealed class LocalImages(
    ImageStore store, ContentStore content, ImagePuller puller, ArchiveLoader loader, HostBusybox busybox, ImageRemover remover,
    ISnapshotter snapshotter, IServiceProvider services, IEngineEvents? events = null) : IImages
{
    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        var users = services.GetService<IImageUsers>();
        var all = store.Index.Images.Values.ToList();
        var variants = all
            .SelectMany(image => image.Variants.Select(name => (name, image)))
            .ToLookup(pair => pair.name, pair => pair.image);
        IReadOnlyList<ImageSummary> list =
        [
            .. all
                .Where(image => image.Names.Count > 0 || image.Variants.Count == 0)
                .OrderByDescending(image => image.Created)
                .ThenBy(image => image.Id, StringComparer.Ordinal)
                .Select(image => Summarize(image, image.Names.SelectMany(name => variants[name]), users)),
        ];
        return Task.FromResult(list);
    }

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default) =>
        DescribeAsync(Find(reference).Image, cancellationToken);

    public async Task<ImageDetails> InspectAsync(
        string reference, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        var index = store.Index;
        var match = Find(index, reference);
        if (platform is null)
        {
            return await DescribeAsync(match.Image, cancellationToken).ConfigureAwait(false);
        }

        var image = await DescribeAsync(index.Choose(match, platform) ?? match.Image, cancellationToken).ConfigureAwait(false);
        return !PlatformChoice.IsOther(platform, image.Platform)
            ? image
            : throw EngineException.NotFound(
                $"image with reference {reference} was found but its platform ({image.Platform}) does not match the specified platform "
                + $"({platform})");
    }

    private async Task<ImageDetails> DescribeAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var bytes = await content.ReadAsync(Digest.Parse(image.Id, "an image"), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        return ImageRegistrar.Describe(image, ImageConfiguration.Read(bytes)) with
        {
            LayerSizes = [.. image.Layers.Select(layer => SizeOf(layer.ChainId))],
        };
    }

    public Task<ImageDetails> PullAsync(
        string reference, ImagePlatform? platform = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        return puller.PullAsync(reference, null, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return loader.LoadAsync(archive, progress, cancellationToken);
    }

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default) =>
        busybox.CreateAsync(cancellationToken);

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default)
    {
        var name = ImageReference.Parse(newName).WithDefaultTag();
        if (name.Digest is not null)
        {
            throw EngineException.InvalidArgument($"'{newName}' can't be given as a name, because it holds a digest.");
        }

        store.Update(index => index.WithName(Find(index, reference), name.ToString()));
        var image = Find(reference).Image;
        events?.PublishImage("tag", image.Id, name.Familiar, image.Labels);
        return Task.CompletedTask;
    }

    public Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default) =>
        remover.RemoveAsync(reference, force, cancellationToken);

    // An image that is removed meanwhile takes its layers with it.
    private long SizeOf(string chainId) => snapshotter.HasLayer(chainId) ? snapshotter.GetLayerSize(chainId) : 0;

    private static ImageSummary Summarize(ImageRecord image, IEnumerable<ImageRecord> variants, IImageUsers? users)
    {
        return new ImageSummary
        {
            Id = image.Id,
            Names = ImageRegistrar.Familiar(image.Names),
            Digests = ImageRegistrar.Familiar(image.Digests),
            Created = image.Created,
            Size = image.Size,
            Labels = image.Labels,
            Containers = users?.FindUsers(image.Id).Count ?? 0,
            Platforms = [.. variants.Prepend(image).Select(each => each.Platform).OfType<ImagePlatform>().Distinct()],
            Problem = image.Problem,
        };
    }

    private ImageMatch Find(string reference) => Find(store.Index, reference);

    private static ImageMatch Find(ImageIndex index, string reference)
    {
        return index.Find(reference)
            ?? throw EngineException.NotFound($"No such image: {reference}. Pull or load it first.");
    }
}
