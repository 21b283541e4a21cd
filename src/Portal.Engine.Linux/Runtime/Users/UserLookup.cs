using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Runtime.Users;

/// <summary>Finds the user that <c>user[:group]</c> names in a container, each part a name or a number, as Docker does.</summary>
internal static class UserLookup
{
    /// <exception cref="EngineException">InvalidArgument: no such name in the container's files, or a number out of
    /// range.</exception>
    public static ContainerUser Find(string root, string user, IReadOnlyList<string>? groupAdd = null)
    {
        var (name, group) = Split(user);
        var entry = FindUser(AccountFiles.ReadPasswd(root), name);
        var groups = AccountFiles.ReadGroup(root).ToList();
        var gid = group.Length == 0 ? entry.Gid : FindGroup(groups, group);

        // Groups from the file count only when the caller names no group. The main group is always among the
        // additional ones: else a
        // process could drop it with setgroups and get past a file's "group may not" (CVE-2022-36109).
        var additional = group.Length > 0 || entry.Name.Length == 0
            ? []
            : groups.Where(candidate => candidate.Members.Contains(entry.Name)).Select(candidate => candidate.Gid);
        var added = (groupAdd ?? []).Select(name => FindGroup(groups, name)).ToList();
        uint[] all = [.. additional.Prepend(gid).Concat(added).Distinct()];
        return new ContainerUser(entry.Uid, gid, all, entry.Home.Length > 0 ? entry.Home : "/");
    }

    private static (string User, string Group) Split(string user)
    {
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (user, "") : (user[..colon], user[(colon + 1)..]);
    }

    private static PasswdEntry FindUser(IEnumerable<PasswdEntry> entries, string name)
    {
        var number = name.Length == 0 ? 0 : AccountFiles.ParseId(name);
        PasswdEntry? byNumber = null;
        foreach (var entry in entries)
        {
            if (name.Length > 0 && entry.Name == name)
            {
                return entry;
            }

            byNumber ??= entry.Uid == number ? entry : null;
        }

        if (number is null)
        {
            throw EngineException.InvalidArgument(IsNumber(name)
                ? $"unable to find user {name}: uids and gids must be in range 0-2147483647"
                : $"unable to find user {name}: no matching entries in passwd file");
        }

        return byNumber ?? new PasswdEntry("", number.Value, 0, "");
    }

    private static bool IsNumber(string name)
    {
        var digits = name.AsSpan().TrimStart('-');
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static uint FindGroup(IEnumerable<GroupEntry> entries, string name)
    {
        return entries.FirstOrDefault(entry => entry.Name == name)?.Gid
            ?? AccountFiles.ParseId(name)
            ?? throw EngineException.InvalidArgument(IsNumber(name)
                ? $"unable to find group {name}: uids and gids must be in range 0-2147483647"
                : $"unable to find group {name}: no matching entries in group file");
    }
}
