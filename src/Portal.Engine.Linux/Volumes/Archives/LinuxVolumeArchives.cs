using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Volumes.Backups;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes.Archives;

/// <inheritdoc cref="IVolumeArchives"/>
internal sealed class LinuxVolumeArchives(EngineOptions options) : IVolumeArchives
{
    private const string HeaderName = "volume.json";
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxLeftOut = 20;
    private static readonly byte[] s_data = "data"u8.ToArray();

    public Task<VolumeArchived> WriteAsync(
        string folder, ReadOnlyMemory<byte> header, Stream output, Action<long, long> progress, CancellationToken cancellationToken)
    {
        // Off the caller's thread: looking at a tree is all system calls that don't wait.
        return Task.Run(
            async () =>
            {
                try
                {
                    return await WriteHereAsync(folder, header, output, progress, cancellationToken).ConfigureAwait(false);
                }
                catch (FileCallException failure)
                {
                    throw new EngineException(EngineErrorKind.Internal, $"Reading the volume's files failed: {failure.Message}.", failure);
                }
            },
            cancellationToken);
    }

    public Task<VolumeUnpacked> ReadAsync(
        Stream archive, string folder, Action<long, long> progress, CancellationToken cancellationToken)
    {
        return Task.Run(
            async () =>
            {
                try
                {
                    return await ReadHereAsync(archive, folder, progress, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is TarFormatException or InvalidDataException)
                {
                    throw Refuse($"{failure.Message.TrimEnd('.')}", failure);
                }
                catch (FileCallException failure)
                {
                    throw failure.IsDiskFull ? Full(failure)
                        : new EngineException(EngineErrorKind.Internal, $"Restoring failed: {failure.Message}.", failure);
                }
                catch (IOException failure) when (failure.HResult is Errno.NoSpace or Errno.QuotaExceeded)
                {
                    throw Full(failure);
                }
            },
            cancellationToken);
    }

    public void Exchange(string folder, string other)
    {
        using var parent = FileCalls.OpenFolder(Path.GetDirectoryName(folder)!);
        using var otherParent = FileCalls.OpenFolder(Path.GetDirectoryName(other)!);
        var error = FileCalls.TryExchange(parent, NameOf(folder), otherParent, NameOf(other));
        if (error != 0)
        {
            throw new FileCallException(error, "exchange", folder);
        }

        FileCalls.Flush(parent, folder);
    }

    private static async Task<VolumeArchived> WriteHereAsync(
        string folder, ReadOnlyMemory<byte> header, Stream output, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var leftOut = new List<string>();
        var leftOutCount = 0L;
        var entries = 0L;
        var form = new TreeForm
        {
            IsPart = true,
            OmitsDevices = true,
            Omitted = path => leftOutCount = Note(leftOut, path, leftOutCount),
            Begun = bytes => progress(++entries, bytes),
        };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashed = new ArchiveOutput(output, hash);
        using var compressor = new ZstandardCompressor(hashed);
        using var buffered = new BufferedStream(compressor, 256 * 1024);
        var tar = new TarOutput(buffered);
        await tar.WriteFileAsync(HeaderName, header, cancellationToken).ConfigureAwait(false);
        using var archiver = new TreeArchiver(tar, form);
        using var root = FileCalls.OpenFolder(folder);
        using var node = TreeNode.TryOpen(root, [(byte)'.', 0], folder)!;
        var diff = await archiver.WriteAsync(node, s_data, cancellationToken).ConfigureAwait(false);
        await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
        await compressor.FinishAsync(cancellationToken).ConfigureAwait(false);
        await hashed.WriteAsync(ArchiveTrailer.Make(hash.GetCurrentHash()), cancellationToken).ConfigureAwait(false);
        var digest = $"sha256:{Convert.ToHexStringLower(hash.GetCurrentHash())}";
        return new VolumeArchived(diff.Entries, diff.Size, hashed.Count, digest, leftOut, leftOutCount);
    }

    private static long Note(List<string> leftOut, byte[] path, long count)
    {
        if (leftOut.Count < MaxLeftOut)
        {
            leftOut.Add(Encoding.UTF8.GetString(path)[(s_data.Length + 1)..]);
        }

        return count + 1;
    }

    private async Task<VolumeUnpacked> ReadHereAsync(
        Stream archive, string folder, Action<long, long> progress, CancellationToken cancellationToken)
    {
        using var input = new ArchiveInput(archive);
        using var stream = new ZstandardDecoder().Decompress(input);
        var reader = new TarReader(stream, Limits(folder));
        var header = await ReadHeaderAsync(reader, cancellationToken).ConfigureAwait(false);
        var entries = 0L;
        using var tree = new RootedTree(FileCalls.OpenFolder(folder));
        var writer = new LayerEntryWriter(tree, reader, new EntryRules { SetsRoot = true });
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            await writer.WriteAsync(Admit(entry), cancellationToken).ConfigureAwait(false);
            progress(++entries, writer.Size);
        }

        await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
        writer.Finish();
        if (!input.IsConfirmed)
        {
            throw new InvalidDataException("its checksum is missing or wrong, so it is damaged, cut off, or no archive of a volume");
        }

        FileCalls.FlushFileSystem(tree.Root, folder);
        return new VolumeUnpacked(header, entries, writer.Size, input.Digest);
    }

    private static async Task<byte[]> ReadHeaderAsync(TarReader reader, CancellationToken cancellationToken)
    {
        var first = await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false);
        if (first is not { Kind: TarEntryKind.File, Path: HeaderName, Size: > 0 and <= MaxHeaderBytes, Segments: null })
        {
            throw new InvalidDataException($"it does not begin with '{HeaderName}', so it is no archive of a volume");
        }

        var header = new byte[first.Size];
        for (var at = 0; at < header.Length;)
        {
            at += await reader.ReadDataAsync(header.AsMemory(at), cancellationToken).ConfigureAwait(false);
        }

        return header;
    }

    /// <summary>The entry as it is in the volume. Devices are none of a volume's: whoever may restore need not be root of the host.</summary>
    private static TarEntry Admit(TarEntry entry)
    {
        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice)
        {
            throw new InvalidDataException($"it holds the device '{entry.Path}', which archives of volumes don't");
        }

        var path = Within(entry.PathBytes, entry.Path);
        return entry.Kind == TarEntryKind.HardLink
            ? entry with { PathBytes = path, LinkBytes = Within(entry.LinkBytes, entry.Link) }
            : entry with { PathBytes = path };
    }

    private static byte[] Within(byte[] path, string text)
    {
        var isBeneath = path.AsSpan().StartsWith(s_data) && (path.Length == s_data.Length || path[s_data.Length] == '/');
        return !isBeneath ? throw new InvalidDataException($"it holds '{text}', which is not beneath 'data/'")
            : path.Length <= s_data.Length + 1 ? "."u8.ToArray()
            : path[(s_data.Length + 1)..];
    }

    /// <summary>No more than there is room for: zeros of sparse files become holes, but count.</summary>
    private TarLimits Limits(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return options.LayerLimits with { MaxBytes = Math.Max(options.LayerLimits.MaxBytes, free) };
    }

    private static byte[] NameOf(string folder) => FileCalls.NulTerminated(Encoding.UTF8.GetBytes(Path.GetFileName(folder)));

    private static EngineException Full(Exception failure) => new(
        EngineErrorKind.Unavailable,
        "Restoring failed because the disk is full. The volume is as it was. Free some room and try again.",
        failure);

    private static EngineException Refuse(string reason, Exception failure) => new(
        EngineErrorKind.InvalidArgument, $"The archive is refused: {reason}. The volume is as it was.", failure);
}
