namespace Portal.Agent.Policies;

/// <summary>Follows symbolic links of the host, as a mount would.</summary>
internal static class HostLinks
{
    private const int MostLinks = 40;

    /// <summary>
    /// The path without links, as far as it exists; what does not exist yet is kept as it is. Null for one that can't be followed: a loop, or no
    /// absolute path.
    /// </summary>
    public static string? Resolve(string path)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var rest = new Stack<string>(Parts(path));
        var found = "";
        var links = 0;
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                found = found[..Math.Max(found.LastIndexOf('/'), 0)];
                continue;
            }

            var next = $"{found}/{part}";
            if (TargetOf(next) is not { } target)
            {
                found = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            found = target.StartsWith('/') ? "" : found;
            foreach (var step in Parts(target))
            {
                rest.Push(step);
            }
        }

        return found.Length == 0 ? "/" : found;
    }

    // Last part first: as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not a link, then: the mount will say what is wrong with it.
            return null;
        }
    }
}
