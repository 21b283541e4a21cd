using Portal.Engine.Linux.Runtime.Users;

namespace Portal.Engine.Linux.Trees;

/// <summary>Names of owners by number, as a tree's own files tell them. Read when the first is asked for.</summary>
/// <param name="root">The tree's root; null when it has no such files.</param>
internal sealed class TreeOwners(string? root)
{
    private Dictionary<uint, string>? _users;
    private Dictionary<uint, string>? _groups;

    public string User(uint id)
    {
        _users ??= Index(root is null ? [] : AccountFiles.ReadPasswd(root).Select(entry => (entry.Uid, entry.Name)));
        return _users.GetValueOrDefault(id, "");
    }

    public string Group(uint id)
    {
        _groups ??= Index(root is null ? [] : AccountFiles.ReadGroup(root).Select(entry => (entry.Gid, entry.Name)));
        return _groups.GetValueOrDefault(id, "");
    }

    // Two names of one number: the first counts, as for ls(1).
    private static Dictionary<uint, string> Index(IEnumerable<(uint Id, string Name)> entries)
    {
        var names = new Dictionary<uint, string>();
        foreach (var (id, name) in entries)
        {
            names.TryAdd(id, name);
        }

        return names;
    }
}
