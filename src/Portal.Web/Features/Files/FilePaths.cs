namespace Portal.Web.Features.Files;

/// <summary>Paths as a <see cref="FileBrowser"/> shows them.</summary>
public static class FilePaths
{
    public const string Top = "/";

    /// <summary>An absolute path without empty parts, <c>.</c> and <c>..</c>, whatever an address says.</summary>
    public static string Clean(string? path)
    {
        var names = new List<string>();
        foreach (var name in (path ?? "").Replace("\0", "", StringComparison.Ordinal).Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return Top + string.Join('/', names);
    }

    public static string Join(string folder, string name) => folder == Top ? Top + name : $"{folder}/{name}";

    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? Top : path[..slash];
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Each folder on the way with its path, the top left out.</summary>
    public static IEnumerable<(string Name, string Path)> Steps(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return names.Select((name, index) => (name, Top + string.Join('/', names.Take(index + 1))));
    }

    /// <summary>What is wrong with a new name; null when nothing is.</summary>
    public static string? FaultOf(string name) => name switch
    {
        "" => N("Write a name."),
        "." or ".." => E("'{0}' means another folder; write another name.", name),
        _ when name.Contains('/', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) => N("A name can't contain '/'."),
        _ when System.Text.Encoding.UTF8.GetByteCount(name) > 255 => N("A name has at most 255 bytes."),
        _ => null,
    };
}
