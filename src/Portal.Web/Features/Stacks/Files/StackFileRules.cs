using Portal.Compose.Sources;

namespace Portal.Web.Features.Stacks.Files;

/// <summary>What files a stack may have: whoever writes them need not be a friend, and nodes get them too.</summary>
internal static class StackFileRules
{
    /// <summary>Characters of the first Compose file, and bytes of any other.</summary>
    public const int LongestCompose = 1 << 20;

    public const int LongestFile = 4 << 20;
    public const int LongestSet = 16 << 20;
    public const int MostFiles = 500;
    public const int MostComposeFiles = 20;
    public const int LongestPath = 512;
    private const int LongestName = 255;
    private const int DeepestPath = 32;

    /// <summary>Why a path is none that a stack's file can have; null when it can.</summary>
    public static string? ProblemOf(string path) => path.Length is 0 or > LongestPath
            ? E("A path has 1 to {0} characters.", LongestPath)
        : path.Any(char.IsControl) ? E("'{0}' has control characters, which no path of a stack's file has.", Shown(path))
        : ProjectPaths.Resolve("", path) != path
            ? E("'{0}' is no path below the project: it is relative, with '/' between names, and without '.' and '..'.", path)
        : path.Split('/') is var names && (names.Length > DeepestPath || names.Any(name => name.Length > LongestName))
            ? E("'{0}' is too deep, or a name in it too long.", path)
        : null;

    /// <summary>Why a set is none that a stack can have; null when it can.</summary>
    public static string? ProblemOf(StackFileSet set)
    {
        if (set.ComposeFiles.Count is 0 or > MostComposeFiles)
        {
            return E("A stack has 1 to {0} Compose files.", MostComposeFiles);
        }

        if (set.ComposeFiles.Distinct(StringComparer.Ordinal).Count() < set.ComposeFiles.Count)
        {
            return N("A Compose file is named twice.");
        }

        if (set.ComposeFiles.FirstOrDefault(path => !set.Files.ContainsKey(path)) is { } missing)
        {
            return E("There is no Compose file '{0}'.", Shown(missing));
        }

        if (set.Files.Count > MostFiles)
        {
            return E("A stack has up to {0} files; these are {1:N0}.", MostFiles, set.Files.Count);
        }

        return set.Files.Keys.Select(ProblemOf).OfType<string>().FirstOrDefault()
            ?? set.Files.Keys.Select(path => FolderProblem(set, path)).OfType<string>().FirstOrDefault()
            ?? SizeProblem(set);
    }

    /// <summary>Without what a terminal or a page could take for something else.</summary>
    public static string Shown(string path) =>
        string.Concat(path.Take(LongestPath).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    private static string? FolderProblem(StackFileSet set, string path)
    {
        for (var folder = ProjectPaths.FolderOf(path); folder.Length > 0; folder = ProjectPaths.FolderOf(folder))
        {
            if (set.Files.ContainsKey(folder))
            {
                return E("'{0}' is a file, and a folder for '{1}': one of them needs another name.", folder, path);
            }
        }

        return null;
    }

    private static string? SizeProblem(StackFileSet set)
    {
        foreach (var (path, content) in set.Files)
        {
            var most = set.ComposeFiles.Contains(path) ? LongestCompose : LongestFile;
            if (content.Bytes.Length > most)
            {
                return E("'{0}' is too long: it has {1:N0} bytes, and may have {2:N0}.", path, content.Bytes.Length, most);
            }
        }

        if (set.ComposeFiles.FirstOrDefault(path => set.Files[path].ReadText() is null) is { } binary)
        {
            return E("The Compose file '{0}' is no text in UTF-8.", binary);
        }

        return set.Files.Values.Sum(content => (long)content.Bytes.Length) is var bytes and > LongestSet
            ? E("The files of a stack have up to {0:N0} bytes together; these have {1:N0}.", LongestSet, bytes)
            : null;
    }
}
