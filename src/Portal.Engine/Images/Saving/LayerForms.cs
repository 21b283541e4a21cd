using System.IO.Compression;
using System.Security.Cryptography;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>
/// Gives layers a form that others can read. Archives that are loaded may hold layers in bzip2 or xz, for which there is no media type
/// (image-spec, <c>layer.md</c>, knows plain, gzip and zstd): before such a layer leaves this host it is compressed again.
/// </summary>
internal sealed class LayerForms(ImageStore store, ContentStore content, Decompression decompression)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>
    /// The image with blobs that registries and other tools can take. New ones are held by the lease, and kept instead of the others.
    /// </summary>
    /// <exception cref="EngineException">InvalidArgument: a blob is damaged.</exception>
    public async Task<ImageRecord> EnsureAsync(ImageRecord image, ContentLease lease, CancellationToken cancellationToken)
    {
        var layers = image.Layers.ToArray();
        for (var place = 0; place < layers.Length; place++)
        {
            if (await IsForeignAsync(Digest.Parse(layers[place].Blob, "a layer"), cancellationToken).ConfigureAwait(false))
            {
                var blob = await TryCompressAsync(layers[place], lease, cancellationToken).ConfigureAwait(false);
                layers[place] = layers[place] with { Blob = blob.ToString() };
            }
        }

        if (layers.SequenceEqual(image.Layers))
        {
            return image;
        }

        store.Update(index => index.Change(image.Id, record => record with { Layers = layers }));
        return image with { Layers = layers };
    }

    private async Task<bool> IsForeignAsync(Digest blob, CancellationToken cancellationToken)
    {
        var stream = content.OpenRead(blob);
        await using (stream.ConfigureAwait(false))
        {
            var head = new byte[6];
            var length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return head.AsSpan(0, length) is [0x42, 0x5A, 0x68, ..] or [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];
        }
    }

    private async Task<Digest> TryCompressAsync(LayerReference layer, ContentLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await CompressAsync(layer, lease, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument,
                $"The layer {layer.DiffId} can't be decompressed: it is damaged here. Load or pull the image again.",
                failure);
        }
    }

    private async Task<Digest> CompressAsync(LayerReference layer, ContentLease lease, CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var source = await decompression
            .OpenAsync(content.OpenRead(Digest.Parse(layer.Blob, "a layer")), cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var target = new GZipStream(new BlobOutput(writer), CompressionLevel.Fastest);
            await using (target.ConfigureAwait(false))
            {
                var buffer = new byte[BufferSize];
                int read;
                while ((read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        var actual = Digest.FromHash(hash.GetHashAndReset());
        if (actual.ToString() != layer.DiffId)
        {
            throw EngineException.InvalidArgument($"The layer {layer.DiffId} is damaged: its content has the digest {actual}.");
        }

        var blob = writer.Commit(onDigest: lease.Hold);
        content.NoteDiffId(actual, blob);
        return blob;
    }
}
