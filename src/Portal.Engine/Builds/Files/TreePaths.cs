using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Files;

/// <summary>Follows links in a tree as if its root were the root of everything.</summary>
internal static class TreePaths
{
    private const int MaxLinks = 40;

    /// <summary>
    /// Where a path leads, all links followed. Names that are not there stay as they are, so that they can be made.
    /// </summary>
    /// <exception cref="EngineException">InvalidArgument: links in a circle.</exception>
    public static string Resolve(IFileTree tree, string path)
    {
        var waiting = new Stack<string>(Names(path).Reverse());
        var done = new List<string>();
        var links = 0;
        while (waiting.TryPop(out var name))
        {
            if (name == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            done.Add(name);
            if (tree.Find(string.Join('/', done)) is not { Kind: TarEntryKind.SymbolicLink } link)
            {
                continue;
            }

            if (++links > MaxLinks)
            {
                throw EngineException.InvalidArgument($"'{path}' goes through too many symbolic links");
            }

            var target = link.Link;
            done.RemoveAt(done.Count - 1);
            if (target.StartsWith('/'))
            {
                done.Clear();
            }

            foreach (var next in Names(target).Reverse())
            {
                waiting.Push(next);
            }
        }

        return string.Join('/', done);
    }

    /// <summary>The entry that a path leads to, or null.</summary>
    public static TarEntry? Follow(IFileTree tree, string path) => tree.Find(Resolve(tree, path));

    /// <summary>The path of an entry, as <see cref="IFileTree"/> writes it.</summary>
    public static string Of(TarEntry entry) => GoPath.Rooted(entry.Path);

    /// <summary>The last name of a path.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The last name of an entry, as bytes.</summary>
    public static byte[] NameOf(TarEntry entry)
    {
        var path = entry.PathBytes.AsSpan().TrimEnd((byte)'/');
        return path[(path.LastIndexOf((byte)'/') + 1)..].ToArray();
    }

    public static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path);

    private static IEnumerable<string> Names(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".");
}
