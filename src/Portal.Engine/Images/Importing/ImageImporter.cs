using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Importing;

/// <inheritdoc cref="IImageImports"/>
internal sealed class ImageImporter(
    ContentStore content, ContentLeases leases, Decompression decompression, ImageAssembler assembler, UnneededBlobs unneeded,
    EngineOptions options, ArchiveDownload download, TimeProvider time) : IImageImports
{
    private const int BufferSize = 256 * 1024;

    public async Task<ImageDetails> ImportAsync(
        Stream archive, ImageImport request, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // All that can be wrong with the request is found before the archive is read.
        var name = request.Name is null ? null : ImageReference.Parse(request.Name).WithDefaultTag();
        if (name?.Digest is not null)
        {
            throw EngineException.InvalidArgument($"'{request.Name}' can't be given as a name, because it holds a digest.");
        }

        var config = new JsonObject();
        ConfigChanges.Apply(config, request.Changes);
        var used = new List<Digest>();
        try
        {
            using var lease = leases.Begin();
            var layer = await WriteLayerAsync(archive, lease, used, cancellationToken).ConfigureAwait(false);
            var configuration = Encoding.UTF8.GetBytes(Configure(layer, config, request).ToJsonString());
            lease.Hold(Digest.Of(configuration));
            var id = await content.WriteAsync(configuration, cancellationToken).ConfigureAwait(false);
            used.Add(id);
            var image = new ArchivedImage(id, [layer], null, name is null ? [] : [name.ToString()], Action: "import");
            return (await assembler.AssembleAsync(image, lease, progress, cancellationToken).ConfigureAwait(false))[^1];
        }
        finally
        {
            used.ForEach(digest => unneeded.TryRemove(digest));
        }
    }

    public async Task<ImageDetails> ImportFromAsync(
        string source, ImageImport request, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var address = ArchiveDownload.Parse(source);
        if (request.Name is { } name)
        {
            // Before anything is fetched.
            ImageReference.Parse(name);
        }

        ConfigChanges.Apply([], request.Changes);
        var told = new ProgressThrottle(progress, ArchiveDownload.Show(address), time);
        told.Report(TransferPhase.Resolving);
        var archive = await download
            .OpenAsync(address, (read, total) => told.Report(TransferPhase.Downloading, read, total), cancellationToken)
            .ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            var message = request.Message.Length > 0 ? request.Message : $"Imported from {ArchiveDownload.Show(address)}";
            return await ImportAsync(archive, request with { Message = message }, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stores the layer uncompressed, so that its digest is its diff id.</summary>
    private async Task<Digest> WriteLayerAsync(
        Stream archive, ContentLease lease, List<Digest> used, CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        try
        {
            // Not ours to dispose: whoever opened the stream closes it.
            var tar = await decompression.OpenAsync(new UndisposedStream(archive), cancellationToken).ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                var buffer = new byte[BufferSize];
                int read;
                while ((read = await tar.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    if (writer.Length + read > options.LayerLimits.MaxBytes)
                    {
                        throw EngineException.InvalidArgument(
                            $"Importing failed: the archive holds over {options.LayerLimits.MaxBytes} bytes, the most that is allowed.");
                    }

                    await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (InvalidDataException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, "Importing failed: the archive's compression is damaged.", failure);
        }

        return writer.Commit(onDigest: digest =>
        {
            lease.Hold(digest);
            used.Add(digest);
        });
    }

    private JsonObject Configure(Digest layer, JsonObject config, ImageImport request)
    {
        var platform = request.Platform ?? PlatformChoice.Host;
        var created = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var document = new JsonObject
        {
            ["created"] = created,
            ["architecture"] = platform.Architecture,
            ["os"] = platform.Os,
            ["config"] = config,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layer.ToString()) },
            ["history"] = new JsonArray(new JsonObject { ["created"] = created, ["comment"] = request.Message }),
        };
        if (platform.Variant is not null)
        {
            document["variant"] = platform.Variant;
        }

        return document;
    }
}
