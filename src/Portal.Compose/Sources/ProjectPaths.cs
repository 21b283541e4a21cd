namespace Portal.Compose.Sources;

/// <summary>Paths within a project.</summary>
public static class ProjectPaths
{
    /// <returns>The path relative to the project's folder, or null when it leads out of it.</returns>
    /// <param name="folder">The folder of the file that names it, relative to the project's; empty for that.</param>
    public static string? Resolve(string folder, string path)
    {
        if (path.Length == 0 || path.StartsWith('/') || path.StartsWith('~') || path.Contains('\\') || path.Contains('\0'))
        {
            return null;
        }

        var names = new List<string>();
        foreach (var name in $"{folder}/{path}".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (name)
            {
                case ".":
                    break;
                case ".." when names.Count == 0:
                    return null;
                case "..":
                    names.RemoveAt(names.Count - 1);
                    break;
                default:
                    names.Add(name);
                    break;
            }
        }

        return string.Join('/', names);
    }

    /// <summary>The folder that a file is in; empty for the project's.</summary>
    public static string FolderOf(string file) => file.LastIndexOf('/') is var slash and > 0 ? file[..slash] : "";
}
