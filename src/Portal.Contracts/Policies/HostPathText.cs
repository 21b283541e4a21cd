namespace Portal.Contracts.Policies;

/// <summary>Paths of the host as text. Links are the agent's to follow: it alone sees them.</summary>
public static class HostPathText
{
    /// <summary>
    /// The path without <c>.</c>, <c>..</c>, doubled and closing slashes, as the engine takes it; null for one that is not absolute or holds a
    /// NUL.
    /// </summary>
    public static string? Normalize(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var kept = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                kept.Add(part);
            }
        }

        return "/" + string.Join('/', kept);
    }

    /// <summary>Whether a path is that folder or below it; both are normal.</summary>
    public static bool IsAtOrBelow(string path, string folder)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        return path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal);
    }
}
