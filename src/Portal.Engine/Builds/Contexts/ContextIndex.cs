using System.Buffers;
using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Snapshots;
using Portal.Engine.Storage;

namespace Portal.Engine.Builds.Contexts;

/// <summary>
/// Reads an archive once and keeps each file's bytes in one file, one behind the other. Written without a change of threads: that takes
/// longer than the page cache does.
/// </summary>
internal static class ContextIndex
{
    private const int BufferSize = 256 * 1024;
    private const long MaxNames = 64L << 20;

    public static async Task<Dictionary<string, ContextArchive.ContextEntry>> ReadAsync(
        Stream tar, string path, TarLimits limits, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, ContextArchive.ContextEntry>(StringComparer.Ordinal)
        {
            [""] = new(TarOutput.Folder("") with { Mode = 0x1ED }, 0),
        };
        var reader = new TarReader(tar, limits);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferSize);
        await using (file.ConfigureAwait(false))
        {
            long names = 0;
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                var name = Clean(entry);
                names += name.Length;
                if (names > MaxNames)
                {
                    throw new TarFormatException($"the names take over {MaxNames} characters, the most that is allowed");
                }

                await AddAsync(entries, reader, entry, name, file, cancellationToken).ConfigureAwait(false);
            }

            await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        return entries;
    }

    /// <summary>The paths in each folder, in the order of their bytes.</summary>
    public static Dictionary<string, List<string>> Children(Dictionary<string, ContextArchive.ContextEntry> entries)
    {
        var children = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var path in entries.Keys.Where(path => path.Length > 0))
        {
            var parent = path[..Math.Max(0, path.LastIndexOf('/'))];
            if (!children.TryGetValue(parent, out var list))
            {
                children[parent] = list = [];
            }

            list.Add(path);
        }

        foreach (var list in children.Values)
        {
            list.Sort(string.CompareOrdinal);
        }

        return children;
    }

    private static string Clean(TarEntry entry)
    {
        // Only what is no UTF-8 is refused: nobody could name it in a Dockerfile, and one name would stand for several.
        if (!System.Text.Unicode.Utf8.IsValid(entry.PathBytes))
        {
            throw new TarFormatException("the name of a file is no UTF-8");
        }

        return entry.Path.Split('/').Contains("..")
            ? throw new TarFormatException($"the path '{entry.Path}' leads out of the context")
            : GoPath.Rooted(entry.Path);
    }

    private static async Task AddAsync(
        Dictionary<string, ContextArchive.ContextEntry> entries, TarReader reader, TarEntry entry, string name, FileStream file,
        CancellationToken cancellationToken)
    {
        AddParents(entries, name);
        if (name.Length == 0)
        {
            return;
        }

        var offset = file.Position;
        if (entry.Kind == TarEntryKind.HardLink)
        {
            // Another name for a file that came before.
            var target = GoPath.Rooted(entry.Link);
            var present = entries.GetValueOrDefault(target) is { Entry.Kind: TarEntryKind.File } known
                ? known
                : throw new TarFormatException($"the hard link '{entry.Path}' points at '{entry.Link}', which is no file of the context");
            var shared = present with { Identity = present.Identity ?? target };
            entries[target] = shared;
            entries[name] = shared with { Entry = present.Entry with { PathBytes = Encoding.UTF8.GetBytes(name) } };
            return;
        }

        if (entry.Kind == TarEntryKind.File)
        {
            if (entry.Size >= SharedFile.LeastBytes)
            {
                // On the bounds of blocks, which layers may share.
                file.Position = offset = (offset + SharedFile.Alignment - 1) & -SharedFile.Alignment;
            }

            await CopyAsync(reader, entry, file, cancellationToken).ConfigureAwait(false);
        }

        entries[name] = new(entry with { PathBytes = Encoding.UTF8.GetBytes(name), Segments = null }, offset);
    }

    private static void AddParents(Dictionary<string, ContextArchive.ContextEntry> entries, string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            var folder = name[..slash];
            if (entries.TryGetValue(folder, out var present) && present.Entry.Kind == TarEntryKind.Folder)
            {
                return;
            }

            if (present is not null)
            {
                throw new TarFormatException($"the path '{name}' goes through '{folder}', which is no folder");
            }

            entries[folder] = new(TarOutput.Folder(folder), 0);
        }
    }

    /// <summary>Keeps a file's bytes.</summary>
    private static async Task CopyAsync(TarReader reader, TarEntry entry, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long done = 0;
            foreach (var segment in entry.Segments ?? [new TarSegment(0, entry.Size)])
            {
                Fill(segment.Offset - done);
                for (var left = segment.Length; left > 0;)
                {
                    var read = await reader.ReadDataAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken)
                        .ConfigureAwait(false);
                    file.Write(buffer, 0, read);
                    left -= read;
                }

                done = segment.Offset + segment.Length;
            }

            Fill(entry.Size - done);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw DiskErrors.Full("Receiving the build context", failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // Holes of sparse files; the archive's bound on sizes holds for them too.
        void Fill(long count)
        {
            for (; count > 0; count -= Math.Min(count, buffer.Length))
            {
                buffer.AsSpan().Clear();
                file.Write(buffer, 0, (int)Math.Min(count, buffer.Length));
            }
        }
    }
}
