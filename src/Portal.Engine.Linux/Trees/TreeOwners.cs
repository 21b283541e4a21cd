using Portal.Engine.Linux.Runtime.Users;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Trees;

/// <summary>Names of owners by number, as a tree's own files tell them. Read when the first is asked for.</summary>
/// <param name="root">The tree's root; null when it has no such files.</param>
/// <param name="ids">What stands on the host for the owners in the tree; null for the same.</param>
internal sealed class TreeOwners(string? root, IdMapping? ids = null)
{
    private Dictionary<uint, string>? _users;
    private Dictionary<uint, string>? _groups;

    /// <summary>A user of the host, as the tree's own processes see it.</summary>
    public uint UserInside(uint onHost) => ids is null ? onHost : ids.UserInside(onHost) ?? IdMapping.Nobody;

    /// <summary>A group of the host, as the tree's own processes see it.</summary>
    public uint GroupInside(uint onHost) => ids is null ? onHost : ids.GroupInside(onHost) ?? IdMapping.Nobody;

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
