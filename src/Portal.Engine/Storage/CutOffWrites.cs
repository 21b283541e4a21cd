using Portal.Engine.Hosting;

namespace Portal.Engine.Storage;

/// <summary>
/// Takes away what an engine left that was killed in a write: the temporary file beside the one that it was to replace
/// (<see cref="IDurableFiles.WriteAtomically"/>). Content, layers, builds and volumes clear their own folders.
/// </summary>
internal sealed class CutOffWrites(EngineOptions options)
{
    private const string Temporary = ".*.tmp";
    private static readonly string[] s_folders = ["networks", "events", "images", Path.Combine("content", "diff-ids")];

    /// <summary>Removes them. Called before anything of the engine writes.</summary>
    /// <exception cref="IOException">The disk or its rights.</exception>
    public void Remove()
    {
        var containers = new DirectoryInfo(Path.Combine(options.DataRoot, "containers"));
        var folders = s_folders.Select(name => new DirectoryInfo(Path.Combine(options.DataRoot, name)))
            .Concat(containers.Exists ? containers.EnumerateDirectories() : [])
            .Append(new DirectoryInfo(Path.Combine(options.RunRoot, "networks")));
        foreach (var file in folders.Where(folder => folder.Exists).SelectMany(folder => folder.EnumerateFiles(Temporary)).ToList())
        {
            file.Delete();
        }
    }
}
