using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Files;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>
/// Puts sources in their place and gives the entries of the layer. Nothing is written into the root below: what is there is only looked at,
/// so that folders keep their owners and modes and links on the way are followed.
/// </summary>
internal sealed class CopyLayout
{
    private readonly IFileTree? _below;
    private readonly CopyOptions _options;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<string, CopyItem> _items = new(StringComparer.Ordinal);

    /// <param name="below">The root that the layer comes on top of; null for a layer that depends on none (<c>--link</c>).</param>
    /// <param name="options">How.</param>
    /// <param name="now">The time of folders that are made on the way.</param>
    public CopyLayout(IFileTree? below, CopyOptions options, DateTimeOffset now)
    {
        _below = below;
        _options = options;
        _now = now;
    }

    /// <summary>A folder before what is in it.</summary>
    public IEnumerable<CopyItem> Items => _items.Values;

    /// <exception cref="EngineException">InvalidArgument: a file in a folder's place, or the reverse.</exception>
    public void Add(IReadOnlyList<CopySource> sources)
    {
        var target = Resolve(GoPath.Rooted(_options.Destination));
        var isFolder = _options.IsFolder || Below(target) is { Kind: TarEntryKind.Folder };
        foreach (var source in sources)
        {
            if (source.Kept is { } kept)
            {
                AddParents(source, target, kept);
            }
            else if (source.IsFolder)
            {
                AddTree(source, target);
            }
            else if (!_options.Excludes.IsIgnored(source.Name))
            {
                Put(source, source.Entry, isFolder ? Resolve(Join(target, source.Name)) : target);
            }
        }
    }

    /// <summary>Only a folder, for <c>WORKDIR</c>; nothing when it is there.</summary>
    public void AddFolder(string path)
    {
        var target = Resolve(GoPath.Rooted(path));
        if (target.Length > 0 && Below(target) is null)
        {
            MakeParents(target + "/x");
        }
        else if (target.Length > 0 && Below(target) is not { Kind: TarEntryKind.Folder })
        {
            throw EngineException.InvalidArgument($"Cannot mkdir: /{target} is not a directory");
        }
    }

    private void AddParents(CopySource source, string target, string kept)
    {
        // The folders of the source keep what they are there, as far as they are kept at all.
        var names = kept.Split('/');
        for (var length = 1; length < names.Length; length++)
        {
            var path = Join(target, string.Join('/', names.Take(length)));
            var given = source.Tree.Find(TreePaths.Resolve(source.Tree, Above(TreePaths.Of(source.Entry), names.Length - length)));
            if (given is { Kind: TarEntryKind.Folder })
            {
                Put(source, given, path);
            }
        }

        var place = Join(target, kept);
        if (source.IsFolder)
        {
            AddTree(source, place);
        }
        else if (!_options.Excludes.IsIgnored(kept))
        {
            Put(source, source.Entry, place);
        }
    }

    private void AddTree(CopySource source, string target)
    {
        // A folder that is there stays as it is; a new one is like its source.
        if (target.Length > 0 && Below(target) is null && !_items.ContainsKey(target))
        {
            Put(source, source.Entry, target);
        }
        else
        {
            Require(target, TarEntryKind.Folder);
            MakeParents(target + "/x");
        }

        foreach (var (path, entry) in source.Walk(_options.Excludes))
        {
            Put(source, entry, Join(target, path));
        }
    }

    private void Put(CopySource source, TarEntry entry, string target)
    {
        if (target.Length == 0)
        {
            if (entry.Kind != TarEntryKind.Folder)
            {
                throw EngineException.InvalidArgument("cannot copy to directory: /");
            }

            return;
        }

        Require(target, entry.Kind);
        MakeParents(target);
        var (user, group) = _options.Owner ?? (entry.UserId, entry.GroupId);
        var placed = entry with
        {
            PathBytes = Encoding.UTF8.GetBytes(target),
            UserId = user,
            GroupId = group,
            Mode = entry.Kind == TarEntryKind.SymbolicLink ? 0x1FF : _options.Mode?.Apply(entry) ?? entry.Mode,
            Segments = null,
        };
        _items[target] = new CopyItem(placed, source.Tree, entry, source);
    }

    /// <summary>Lists the folders above a path: as they are below, or made.</summary>
    private void MakeParents(string target)
    {
        for (var slash = target.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = target.IndexOf('/', slash + 1))
        {
            var path = target[..slash];
            if (_items.TryGetValue(path, out var present))
            {
                if (present.Entry.Kind != TarEntryKind.Folder)
                {
                    throw NotFolder(path);
                }

                continue;
            }

            var below = Below(path);
            var (user, group) = _options.Owner ?? (0, 0);
            _items[path] = below switch
            {
                null => new CopyItem(
                    TarOutput.Folder(path) with { UserId = user, GroupId = group, TimeSeconds = _now.ToUnixTimeSeconds() }, null, null),
                { Kind: TarEntryKind.Folder } => new CopyItem(below with { PathBytes = Encoding.UTF8.GetBytes(path) }, null, null),
                _ => throw NotFolder(path),
            };
        }
    }

    private void Require(string target, TarEntryKind kind)
    {
        var present = _items.TryGetValue(target, out var item) ? item.Entry : Below(target);
        if (present is not null && present.Kind == TarEntryKind.Folder != (kind == TarEntryKind.Folder))
        {
            throw kind == TarEntryKind.Folder
                ? NotFolder(target)
                : EngineException.InvalidArgument($"cannot copy to directory: /{target}");
        }
    }

    private string Resolve(string path) => _below is null ? path : TreePaths.Resolve(_below, path);

    private TarEntry? Below(string path) => _below?.Find(path);

    private static string Above(string path, int names)
    {
        for (; names > 0 && path.Length > 0; names--)
        {
            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        }

        return path;
    }

    private static string Join(string folder, string name) =>
        folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";

    private static EngineException NotFolder(string path) => EngineException.InvalidArgument($"cannot copy to non-directory: /{path}");
}
