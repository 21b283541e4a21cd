using Portal.Engine.Archives;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Loading;

/// <summary>
/// Loads image archives. Entries come in any order and the description of the images may come last, so every file is first written to
/// the content store, hashed on the way; what no image turns out to need is removed at the end.
/// </summary>
internal sealed class ArchiveLoader(
    ContentStore content, ContentLeases leases, Decompression decompression, ImageAssembler assembler,
    ImageStore store, UnneededBlobs unneeded, EngineOptions options, TimeProvider time)
{
    private const int MaxEntries = 100_000;

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var used = new List<Digest>();
        try
        {
            using var lease = leases.Begin();
            using var files = new ArchiveFiles(content, lease, used);
            return await LoadAsync(archive, files, lease, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The archive's own descriptions, and everything when it failed.
            used.ForEach(digest => unneeded.TryRemove(digest));
        }
    }

    private async Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, ArchiveFiles files, ContentLease lease, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var reading = new ProgressThrottle(progress, "archive", time);
        var length = archive.CanSeek ? archive.Length : (long?)null;
        try
        {
            // Not ours to dispose: whoever opened the stream closes it.
            var counted = new CountingStream(
                new UndisposedStream(archive), read => reading.Report(TransferPhase.Downloading, read, length));
            var tar = await decompression.OpenAsync(counted, cancellationToken).ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                await ReadAsync(tar, files, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is TarFormatException or InvalidDataException)
        {
            var reason = failure is TarFormatException ? failure.Message : "its compression is damaged";
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"Loading the archive failed: {reason}. Is it an image archive, and complete?", failure);
        }

        var images = await DescribeAsync(files, cancellationToken).ConfigureAwait(false);
        if (images.Count == 0)
        {
            throw EngineException.InvalidArgument("Loading the archive failed: there is no image in it.");
        }

        var loaded = new List<LoadedImage>();
        foreach (var image in images)
        {
            var details = await assembler.AssembleAsync(image, lease, progress, cancellationToken).ConfigureAwait(false);
            foreach (var name in image.Names.Count == 0 ? [null] : ImageRegistrar.Familiar(image.Names).Cast<string?>())
            {
                Note(loaded, new LoadedImage(details[0].Id, name), progress);
            }
        }

        return loaded;
    }

    /// <summary>Notes an image; a name that came with several platforms once, with the one that bears it.</summary>
    private void Note(List<LoadedImage> loaded, LoadedImage image, IProgress<TransferProgress>? progress)
    {
        if (image.Name is not null && loaded.FindIndex(known => known.Name == image.Name) is >= 0 and var place)
        {
            loaded[place] = store.Index.Find(image.Name)?.Image is { } holder ? image with { Id = holder.Id } : image;
            return;
        }

        loaded.Add(image);
        var text = image.Name ?? image.Id;
        progress?.Report(new TransferProgress(text, TransferPhase.Done, Message: $"Loaded image: {text}"));
    }

    private async Task ReadAsync(Stream tar, ArchiveFiles files, CancellationToken cancellationToken)
    {
        var reader = new TarReader(tar, options.LayerLimits with { MaxEntries = MaxEntries });
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            await files.AddAsync(entry, reader, cancellationToken).ConfigureAwait(false);
        }

        // Lets a damaged end of a compressed stream show.
        await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<ArchivedImage>> DescribeAsync(ArchiveFiles files, CancellationToken cancellationToken)
    {
        // Newer 'docker save' writes both descriptions. Its own carries the names as they were, the other one further platforms.
        if (files.Has("manifest.json"))
        {
            var images = await new DockerArchive(files).DescribeAsync(cancellationToken).ConfigureAwait(false);
            return files.Has("index.json")
                ? [.. images, .. await new OciArchive(files).DescribeListsAsync(cancellationToken).ConfigureAwait(false)]
                : images;
        }

        return files.Has("index.json")
            ? await new OciArchive(files).DescribeAsync(cancellationToken).ConfigureAwait(false)
            : throw EngineException.InvalidArgument(
                "Loading the archive failed: it holds neither manifest.json (docker save) nor index.json (OCI). "
                + "A file system archive, such as 'docker export' writes, is no image.");
    }
}
