using System.Security.Cryptography;
using Portal.Engine.Errors;

namespace Portal.Agent.Hosting.Volumes;

/// <summary>
/// An archive as a file that is there wholly or not at all: written beside its name, and given it when it is on the disk.
/// </summary>
internal static class ArchiveFile
{
    private const int BufferSize = 256 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a stream to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrites">Whether there may be one.</param>
    /// <param name="from">Read to its end.</param>
    /// <param name="progress">Told the bytes so far.</param>
    /// <param name="cancellationToken">Stops; no file is left.</param>
    /// <returns>The digest of what was written.</returns>
    public static async Task<string> WriteAsync(
        string path, bool overwrites, Stream from, Action<long> progress, CancellationToken cancellationToken)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            // What is in a volume is its owner's business.
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0,
            };
            string digest;
            var file = new FileStream(partial, options);
            await using (file.ConfigureAwait(false))
            {
                digest = await CopyAsync(from, file, progress, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrites);
            return digest;
        }
        catch (IOException) when (!overwrites && File.Exists(path))
        {
            throw Exists(path);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <exception cref="EngineException">AlreadyExists.</exception>
    public static void CheckNew(string path)
    {
        if (File.Exists(path))
        {
            throw Exists(path);
        }
    }

    /// <returns>The digest of what was copied.</returns>
    public static async Task<string> CopyAsync(Stream from, Stream to, Action<long> progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var bytes = 0L;
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            progress(bytes += read);
        }

        await to.FlushAsync(cancellationToken).ConfigureAwait(false);
        return $"sha256:{Convert.ToHexStringLower(hash.GetCurrentHash())}";
    }

    private static EngineException Exists(string path) => new(
        EngineErrorKind.AlreadyExists, $"There is a file '{path}' already. Have it overwritten with --force, or name another.");
}
