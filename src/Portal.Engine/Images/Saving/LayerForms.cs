using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>
/// Gives layers a form that others can read. Archives that are loaded may hold layers in bzip2 or xz, for which there is no media type
/// (image-spec, <c>layer.md</c>, knows plain, gzip and zstd): before such a layer leaves this host it is compressed again. Layers that are
/// made here are kept plain, which is the quickest; registries get them compressed, once.
/// </summary>
internal sealed class LayerForms(ImageStore store, ContentStore content, Decompression decompression, PieceGzip gzip)
{
    // As many as are sent at once; each takes a processor.
    private static readonly int s_parallel = Math.Min(4, Environment.ProcessorCount);

    /// <summary>
    /// The image with blobs that registries and other tools can take. New ones are held by the lease, and kept instead of the others.
    /// </summary>
    /// <exception cref="EngineException">InvalidArgument: a blob is damaged.</exception>
    public Task<ImageRecord> EnsureAsync(ImageRecord image, ContentLease lease, CancellationToken cancellationToken) =>
        ReplaceAsync(
            image, layer => IsForeignAsync(Digest.Parse(layer.Blob, "a layer"), cancellationToken), lease, cancellationToken);

    /// <summary>As <see cref="EnsureAsync"/>, with the layers that are not compressed at all.</summary>
    /// <param name="image">The image.</param>
    /// <param name="onReady">Told each layer as soon as it is compressed; those that are so already too.</param>
    /// <param name="lease">Holds what is made.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">InvalidArgument: a blob is damaged.</exception>
    public Task<ImageRecord> CompressAsync(
        ImageRecord image, Action<LayerReference>? onReady, ContentLease lease, CancellationToken cancellationToken) =>
        ReplaceAsync(image, layer => Task.FromResult(layer.Blob == layer.DiffId), lease, cancellationToken, onReady);

    private async Task<ImageRecord> ReplaceAsync(
        ImageRecord image, Func<LayerReference, Task<bool>> isUnfit, ContentLease lease, CancellationToken cancellationToken,
        Action<LayerReference>? onReady = null)
    {
        var replaced = new ConcurrentDictionary<string, string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = s_parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(image.Layers.DistinctBy(layer => layer.Blob), parallel, async (layer, token) =>
        {
            if (await isUnfit(layer).ConfigureAwait(false))
            {
                var blob = await FindOtherAsync(layer, lease, token).ConfigureAwait(false)
                    ?? await TryCompressAsync(layer, lease, token).ConfigureAwait(false);
                replaced[layer.Blob] = blob.ToString();
            }

            onReady?.Invoke(layer with { Blob = replaced.GetValueOrDefault(layer.Blob, layer.Blob) });
        }).ConfigureAwait(false);
        if (replaced.IsEmpty)
        {
            return image;
        }

        // Others that were made here on the same layers would have them compressed again, and keep the plain ones until then.
        store.Update(index => index.Images.Values
            .Where(other => other.Id == image.Id || other.Digests.Count == 0)
            .Aggregate(index, (changed, other) => changed.Change(other.Id, Replace)));
        return Replace(image);

        ImageRecord Replace(ImageRecord record) => record.Layers.Any(layer => replaced.ContainsKey(layer.Blob))
            ? record with
            {
                Layers = [.. record.Layers.Select(layer => layer with { Blob = replaced.GetValueOrDefault(layer.Blob, layer.Blob) })],
            }
            : record;
    }

    /// <summary>The same layer in another form that others can read, from an image that was here before.</summary>
    private async Task<Digest?> FindOtherAsync(LayerReference layer, ContentLease lease, CancellationToken cancellationToken)
    {
        if (content.FindBlob(Digest.Parse(layer.DiffId, "a layer")) is not { } blob || blob.ToString() == layer.Blob)
        {
            return null;
        }

        lease.Hold(blob);
        return content.Has(blob) && !await IsForeignAsync(blob, cancellationToken).ConfigureAwait(false) ? blob : null;
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
            await gzip.CompressAsync(source, new BlobOutput(writer), plain => hash.AppendData(plain.Span), cancellationToken)
                .ConfigureAwait(false);
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
