using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Files;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Finds what the sources of a <c>COPY</c> mean: paths, or patterns of Go's <c>filepath.Match</c>.</summary>
internal static class SourceFinder
{
    private const string Pivot = "/./";

    /// <exception cref="EngineException">NotFound: nothing is there.</exception>
    public static IReadOnlyList<CopySource> Find(IFileTree tree, string source, bool parents)
    {
        var path = GoPath.Rooted(source);
        if (!GoPathMatch.HasWildcard(path))
        {
            var entry = TreePaths.Follow(tree, path) ?? throw Missing(source);
            return [new CopySource(tree, entry, TreePaths.NameOf(path), parents ? Kept(source, path) : null)];
        }

        var found = Expand(tree, path).ToList();
        return found.Count > 0
            ? [.. found.Select(match => new CopySource(
                tree, TreePaths.Follow(tree, match) ?? throw Missing(match), TreePaths.NameOf(match), parents
                    ? Kept(source, match) : null))]
            : throw Missing(source);
    }

    private static IEnumerable<string> Expand(IFileTree tree, string pattern)
    {
        IEnumerable<string> paths = [""];
        foreach (var name in pattern.Split('/'))
        {
            paths = Step(tree, paths, name);
        }

        return paths;
    }

    private static IEnumerable<string> Step(IFileTree tree, IEnumerable<string> folders, string name)
    {
        var isPlain = !GoPathMatch.HasWildcard(name);
        var match = isPlain || name == "**" ? null : new GoPathMatch(name);
        foreach (var folder in folders)
        {
            if (isPlain)
            {
                var path = Join(folder, name);
                if (TreePaths.Follow(tree, path) is not null)
                {
                    yield return path;
                }
            }
            else if (name == "**")
            {
                foreach (var path in Beneath(tree, folder).Prepend(folder))
                {
                    yield return path;
                }
            }
            else
            {
                foreach (var child in tree.List(TreePaths.Resolve(tree, folder)).Select(child => TreePaths.NameOf(TreePaths.Of(child))))
                {
                    if (match!.IsMatch(child))
                    {
                        yield return Join(folder, child);
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Beneath(IFileTree tree, string folder)
    {
        var waiting = new Stack<string>([folder]);
        while (waiting.TryPop(out var next))
        {
            foreach (var child in tree.List(next).Where(child => child.Kind == TarEntryKind.Folder))
            {
                var path = TreePaths.Of(child);
                yield return path;
                waiting.Push(path);
            }
        }
    }

    private static string Kept(string source, string path)
    {
        // What is in front of "/./" is the way to the source and no part of what is kept.
        var pivot = source.IndexOf(Pivot, StringComparison.Ordinal);
        if (pivot < 0)
        {
            return path;
        }

        var names = GoPath.Rooted(source[..pivot]).Split('/', StringSplitOptions.RemoveEmptyEntries).Length;
        return string.Join('/', path.Split('/').Skip(names));
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static EngineException Missing(string source)
    {
        return EngineException.NotFound(
            $"failed to compute cache key: \"/{GoPath.Rooted(source)}\": not found. Is it in the context, and not in .dockerignore?");
    }
}
