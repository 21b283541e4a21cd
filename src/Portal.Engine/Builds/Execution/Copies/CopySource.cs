using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Files;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Something to copy: a file, or a folder whose content is copied.</summary>
/// <param name="Tree">Where it is.</param>
/// <param name="Entry">What it is, links followed.</param>
/// <param name="Name">The last name of the path that was given, which a file gets in a folder.</param>
/// <param name="Kept">With <c>--parents</c> the path that is kept beneath the destination; else null.</param>
internal sealed record CopySource(IFileTree Tree, TarEntry Entry, string Name, string? Kept)
{
    public bool IsFolder => Entry.Kind == TarEntryKind.Folder;

    /// <summary>What is beneath a folder, each with its path relative to it, a folder before what is in it.</summary>
    public IEnumerable<(string Path, TarEntry Entry)> Walk(IgnoreFile excludes)
    {
        var waiting = new Stack<(string Path, TarEntry Entry)>();
        Push("", TreePaths.Of(Entry));
        while (waiting.TryPop(out var next))
        {
            var isExcluded = excludes.IsIgnored(next.Path);
            if (!isExcluded)
            {
                yield return next;
            }

            // An excluded folder may hold what an exception takes back in.
            if (next.Entry.Kind == TarEntryKind.Folder && (!isExcluded || excludes.HasExceptions))
            {
                Push(next.Path, TreePaths.Of(next.Entry));
            }
        }

        void Push(string path, string folder)
        {
            foreach (var child in Tree.List(folder).Reverse())
            {
                var name = TreePaths.NameOf(TreePaths.Of(child));
                waiting.Push((path.Length == 0 ? name : $"{path}/{name}", child));
            }
        }
    }
}
