using System.Collections.Concurrent;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Files;
using Portal.Engine.Errors;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Contexts;

/// <summary>
/// A build's context: an archive on the disk with an index of what is in it. It is never unpacked, so no name or link in it can touch
/// anything of the host, and copying from it reads each byte once.
/// </summary>
internal sealed class ContextArchive : IFileTree
{
    private readonly string _path;
    private readonly ConcurrentDictionary<(long Offset, long Size), string> _digests = new();
    private readonly Dictionary<string, ContextEntry> _entries;
    private readonly Dictionary<string, List<string>> _children;

    private ContextArchive(string path, Dictionary<string, ContextEntry> entries)
    {
        _path = path;
        _entries = entries;
        _children = ContextIndex.Children(entries);
    }

    /// <summary>Bytes of all files.</summary>
    public long Size => _entries.Values.Sum(entry => entry.Entry.Size);

    /// <summary>Writes the archive to a file and reads what is in it, in constant memory but for the names.</summary>
    /// <param name="tar">The uncompressed archive.</param>
    /// <param name="path">A file that is not there yet; this object removes it.</param>
    /// <param name="limits">What the archive may ask of us.</param>
    /// <param name="cancellationToken">Stops; the file is removed.</param>
    /// <exception cref="EngineException">InvalidArgument: no archive, or it breaks a bound.</exception>
    public static async Task<ContextArchive> ReceiveAsync(Stream tar, string path, TarLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var entries = await ContextIndex.ReadAsync(tar, path, limits, cancellationToken).ConfigureAwait(false);
            return new ContextArchive(path, entries);
        }
        catch (Exception failure)
        {
            File.Delete(path);
            if (failure is TarFormatException)
            {
                throw new EngineException(
                    EngineErrorKind.InvalidArgument, $"Error processing the build context: {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <summary>A context of a few files that are in memory.</summary>
    public static async Task<ContextArchive> OfFilesAsync(
        IEnumerable<(string Name, byte[] Content)> files, string path, CancellationToken cancellationToken)
    {
        var stream = new MemoryStream();
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarOutput(stream);
            foreach (var (name, content) in files)
            {
                await tar.WriteFileAsync(name, content, cancellationToken).ConfigureAwait(false);
            }

            await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
            stream.Position = 0;
            return await ReceiveAsync(stream, path, new TarLimits(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what a <c>.dockerignore</c> keeps out. Folders stay where files in them do.</summary>
    public void Apply(IgnoreFile ignore)
    {
        if (ignore.IsEmpty)
        {
            return;
        }

        var ignored = _entries.Keys.Where(path => path.Length > 0 && ignore.IsIgnored(path)).ToHashSet(StringComparer.Ordinal);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in _entries.Keys.Where(path => !ignored.Contains(path)))
        {
            for (var slash = path.LastIndexOf('/'); slash > 0 && needed.Add(path[..slash]); slash = path[..slash].LastIndexOf('/'))
            {
                // A folder that is out stays as the way to what is in.
            }
        }

        foreach (var path in ignored.Where(path => !needed.Contains(path)))
        {
            _entries.Remove(path);
        }

        _children.Clear();
        foreach (var (path, names) in ContextIndex.Children(_entries))
        {
            _children[path] = names;
        }
    }

    public TarEntry? Find(string path) => _entries.TryGetValue(path, out var entry) ? entry.Entry : null;

    public IReadOnlyList<TarEntry> List(string path)
    {
        return _children.TryGetValue(path, out var names) ? [.. names.Select(name => _entries[name].Entry)] : [];
    }

    public Stream OpenRead(TarEntry file)
    {
        var found = _entries.GetValueOrDefault(TreePaths.Of(file))
            ?? throw EngineException.NotFound($"The context holds no file '{file.Path}'.");
        return new FileWindow(_path, found.Offset, found.Entry.Size);
    }

    public SharedFile? Share(TarEntry file)
    {
        return _entries.GetValueOrDefault(TreePaths.Of(file)) is { Offset: var offset } && offset % SharedFile.Alignment == 0
            ? new SharedFile(File.OpenHandle(_path), offset)
            : null;
    }

    public string? IdentityOf(TarEntry file) => _entries.GetValueOrDefault(TreePaths.Of(file))?.Identity;

    /// <summary>All of a small file, or null when there is none.</summary>
    public byte[]? ReadSmall(string path, int maxBytes)
    {
        if (TreePaths.Follow(this, path) is not { Kind: TarEntryKind.File } file)
        {
            return null;
        }

        if (file.Size > maxBytes)
        {
            throw EngineException.InvalidArgument($"'{path}' is over {maxBytes} bytes long");
        }

        using var stream = OpenRead(file);
        var content = new byte[file.Size];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Hashed when it is asked for: of a large context often little is copied.</summary>
    public string DigestOf(TarEntry file)
    {
        var found = _entries[TreePaths.Of(file)];
        return _digests.GetOrAdd((found.Offset, found.Entry.Size), _ =>
        {
            using var stream = OpenRead(file);
            return FileHash.Of(stream);
        });
    }

    public void Dispose() => File.Delete(_path);

    /// <summary>An entry, for a file where its bytes are, and what it shares with its other names if it has any.</summary>
    internal sealed record ContextEntry(TarEntry Entry, long Offset, string? Identity = null);
}
