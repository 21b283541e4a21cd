using Portal.Compose.Sources;

namespace Portal.Web.Features.Stacks.Files;

/// <summary>
/// The files of a revision: Compose files, each laid over those before it, and what they refer to. Nothing else is ever read for a stack,
/// neither on the portal's host nor on a node.
/// </summary>
public sealed class StackFileSet : IProjectFiles
{
    /// <summary>The file of a stack of one.</summary>
    public const string DefaultFile = "compose.yaml";

    private readonly SortedDictionary<string, StackFileContent> _files;

    public StackFileSet(IEnumerable<string> composeFiles, IEnumerable<KeyValuePair<string, StackFileContent>> files)
    {
        ComposeFiles = [.. composeFiles];
        _files = new(StringComparer.Ordinal);
        foreach (var (path, content) in files)
        {
            _files[path] = content;
        }
    }

    /// <summary>Paths of the Compose files, in their order.</summary>
    public IReadOnlyList<string> ComposeFiles { get; }

    /// <summary>All files by path, the Compose files too.</summary>
    public IReadOnlyDictionary<string, StackFileContent> Files => _files;

    /// <summary>A stack of one Compose file.</summary>
    public static StackFileSet Of(string composeFile) =>
        new([DefaultFile], [KeyValuePair.Create(DefaultFile, StackFileContent.Of(composeFile))]);

    /// <inheritdoc/>
    public string? Read(string path) => _files.TryGetValue(path, out var content)
        ? content.ReadText() ?? throw new InvalidDataException("is no text in UTF-8.")
        : null;

    /// <summary>The language of a path, for the editor.</summary>
    public static string LanguageOf(string path) => Path.GetExtension(path) is ".yaml" or ".yml" ? "yaml"
        : Path.GetFileName(path).StartsWith("Dockerfile", StringComparison.Ordinal) ? "dockerfile" : "plaintext";

    /// <summary>Whether both say the same in the same order.</summary>
    public bool IsSameAs(StackFileSet other) =>
        ComposeFiles.SequenceEqual(other.ComposeFiles) && _files.SequenceEqual(other._files);
}
