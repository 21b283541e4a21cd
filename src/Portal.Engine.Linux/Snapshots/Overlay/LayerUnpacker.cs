using System.Security.Cryptography;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Snapshots.Entries;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>Unpacks one layer's archive into a folder and checks its digest.</summary>
internal static class LayerUnpacker
{
    /// <returns>The archive's digest, and bytes of file content.</returns>
    /// <exception cref="EngineException">See <see cref="Portal.Engine.Snapshots.ISnapshotter.UnpackAsync"/>.</exception>
    public static async Task<(string DiffId, long Size)> UnpackAsync(
        string folder, string? diffId, Stream tar, TarLimits limits, SharedContent? shared, CancellationToken cancellationToken)
    {
        try
        {
            return await UnpackCheckedAsync(folder, diffId, tar, limits, shared, cancellationToken).ConfigureAwait(false);
        }
        catch (TarFormatException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument,
                $"Unpacking the layer {diffId} failed: {failure.Message}. The image is damaged or was not made for unpacking.",
                failure);
        }
        catch (IOException failure) when (IsDiskFull(failure))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Unpacking the layer {diffId} failed because the disk is full. Remove images or containers and try again.",
                failure);
        }
    }

    private static async Task<(string DiffId, long Size)> UnpackCheckedAsync(
        string folder, string? diffId, Stream tar, TarLimits limits, SharedContent? shared, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashed = new DigestingStream(tar, hash);
        var reader = new TarReader(hashed, limits);
        using var tree = new RootedTree(folder);
        var writer = new LayerEntryWriter(tree, reader, EntryRules.Layer, shared);
        try
        {
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                await writer.WriteAsync(entry, cancellationToken).ConfigureAwait(false);
            }

            // Padding behind the end mark belongs to the digest.
            await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await hashed.FinishAsync().ConfigureAwait(false);
        }

        var actual = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        if (diffId is not null && actual != diffId)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument,
                $"Unpacking the layer {diffId} failed: its content has the digest {actual}. The image is damaged.");
        }

        writer.Finish();
        return (actual, writer.HasReplaced ? FolderTree.TryMeasureFiles(folder) ?? writer.Size : writer.Size);
    }

    private static bool IsDiskFull(IOException failure)
    {
        return failure is FileCallException { IsDiskFull: true }
            || failure.HResult is Errno.NoSpace or Errno.QuotaExceeded;
    }
}
