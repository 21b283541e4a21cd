using System.Collections.Concurrent;
using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>
/// Where the content of large files is on the disk, told by who writes a layer's archive to who unpacks it a little later, so that the
/// layer shares blocks with what it was copied from. Any thread.
/// </summary>
internal sealed class ContentPlaces
{
    private readonly ConcurrentDictionary<string, CopyItem> _items = new(StringComparer.Ordinal);

    /// <summary>Before the entry is written.</summary>
    public void Add(CopyItem item)
    {
        if (item is { Entry: { Kind: TarEntryKind.File, Size: >= SharedFile.LeastBytes }, Tree: not null, Source: not null })
        {
            _items[Key(item.Entry)] = item;
        }
    }

    /// <summary>Once for each entry.</summary>
    public SharedFile? Take(TarEntry entry) =>
        _items.TryRemove(Key(entry), out var item) ? item.Tree!.Share(item.Source!) : null;

    // Names are bytes.
    private static string Key(TarEntry entry) => Encoding.Latin1.GetString(entry.PathBytes);
}
