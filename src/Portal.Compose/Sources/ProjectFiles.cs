namespace Portal.Compose.Sources;

/// <summary>Files that are kept in memory, as those of a revision.</summary>
public sealed class ProjectFiles(IReadOnlyDictionary<string, string> files) : IProjectFiles
{
    public string? Read(string path) => files.GetValueOrDefault(path);
}
