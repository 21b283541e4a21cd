namespace Portal.Engine.Builds.Contexts.Matching;

/// <summary>Paths in the slash form that Go's <c>path.Clean</c> gives.</summary>
internal static class GoPath
{
    /// <summary>Without double slashes, dots and what two dots take back; <c>.</c> for the empty path.</summary>
    public static string Clean(string path)
    {
        var isRooted = path.StartsWith('/');
        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name != "..")
            {
                names.Add(name);
            }
            else if (names.Count > 0 && names[^1] != "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (!isRooted)
            {
                names.Add("..");
            }
        }

        var joined = string.Join('/', names);
        return isRooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }

    /// <summary>The path as seen from the root of a tree: two dots lead no higher than it, and there is no slash in front.</summary>
    public static string Rooted(string path) => Clean("/" + path)[1..];
}
