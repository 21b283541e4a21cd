using System.Formats.Tar;
using System.IO.Compression;
using Portal.Engine.Errors;

namespace Portal.Agent.Upgrades;

/// <summary>
/// Unpacks an agent's archive into a new folder: regular files and folders, and nothing else. Its digest was checked before, so this guards
/// against a portal that was given something else to hand out.
/// </summary>
internal static class VersionArchive
{
    private const int MostEntries = 20_000;
    private const long MostBytes = 2L * 1024 * 1024 * 1024;
    private const int MostPadding = 1024 * 1024;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks it.</summary>
    /// <param name="archive">A tar file, compressed with gzip.</param>
    /// <param name="folder">A folder, which is made.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="EngineException">Invalid argument: it is none, or holds what an agent's archive does not.</exception>
    public static async Task UnpackAsync(Stream archive, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder, Readable | Executable);
        try
        {
            var plain = new GZipStream(archive, CompressionMode.Decompress);
            await using var ofPlain = plain.ConfigureAwait(false);
            var reader = new TarReader(plain);
            await using var ofReader = reader.ConfigureAwait(false);
            var (entries, bytes) = (0, 0L);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                bytes += entry.Length;
                if (++entries > MostEntries || bytes > MostBytes)
                {
                    throw EngineException.InvalidArgument($"The archive holds more than {MostEntries} files or {MostBytes >> 20} MiB.");
                }

                await UnpackAsync(entry, folder, cancellationToken).ConfigureAwait(false);
            }

            await DemandEndAsync(plain, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, "The archive is damaged, or no archive compressed with gzip.", failure);
        }
    }

    private static async Task UnpackAsync(TarEntry entry, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Clean(entry.Name));
        if (entry.EntryType == TarEntryType.Directory)
        {
            Directory.CreateDirectory(path, Readable | Executable);
            return;
        }

        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw EngineException.InvalidArgument(
                $"'{Shown(entry.Name)}' in the archive is no file and no folder, but a {entry.EntryType}.");
        }

        if (Path.Exists(path))
        {
            throw EngineException.InvalidArgument($"'{Shown(entry.Name)}' comes twice in the archive.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!, Readable | Executable);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = (entry.Mode & UnixFileMode.UserExecute) != 0 ? Readable | Executable : Readable,
        };
        var file = new FileStream(path, options);
        await using var ofFile = file.ConfigureAwait(false);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }

        // On the disk before the version has its name: after a power cut the name must not stand for empty files.
        file.Flush(flushToDisk: true);
    }

    // The reader takes an end where a file could begin for the end of the archive. What is compressed says itself whether it is.
    private static async Task DemandEndAsync(GZipStream plain, CancellationToken cancellationToken)
    {
        var (buffer, rest) = (new byte[64 * 1024], 0);
        while (await plain.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            if ((rest += count) > MostPadding)
            {
                throw EngineException.InvalidArgument("The archive goes on after its end.");
            }
        }
    }

    // Nothing but folders that were made here can be on the way: links are refused.
    private static string Clean(string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        return name.StartsWith('/') || parts.Contains("..") || name.Contains('\0', StringComparison.Ordinal)
            ? throw EngineException.InvalidArgument($"'{Shown(name)}' in the archive leads out of its folder.")
            : Path.Combine(parts);
    }

    private static string Shown(string name) => name.Length <= 100 ? name : name[..100] + "...";
}
