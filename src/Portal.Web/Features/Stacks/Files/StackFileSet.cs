using Portal.Compose.Sources;
using Portal.Contracts.Stacks;

namespace Portal.Web.Features.Stacks.Files;

/// <summary>
/// The files of a revision: Compose files, each laid over those before it, and what they refer to. Nothing else is ever read for a stack,
/// neither on the portal's host nor on a node.
/// </summary>
public sealed class StackFileSet : IProjectFiles
{
    /// <summary>The file of a stack of one.</summary>
    public const string DefaultFile = "compose.yaml";

    private const int RunMode = 0b111_101_101;
    private const int UsualMode = 0b110_100_100;
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

    /// <inheritdoc/>
    public byte[]? ReadBytes(string path) => _files.GetValueOrDefault(path)?.Bytes;

    /// <inheritdoc/>
    public string? DigestOf(string path) => TreeAt(path) is { Count: > 0 } tree ? StackTree.DigestOf(tree, inMemory: false) : null;

    /// <summary>A file, or all below a folder, as containers mount it; empty when there is no such thing.</summary>
    public IReadOnlyList<StackTreeFile> TreeAt(string path) => _files.TryGetValue(path, out var file)
        ? [FileOf("", file)]
        : [.. _files.Where(pair => path.Length == 0 || pair.Key.StartsWith(path + "/", StringComparison.Ordinal))
            .Select(pair => FileOf(path.Length == 0 ? pair.Key : pair.Key[(path.Length + 1)..], pair.Value))];

    private static StackTreeFile FileOf(string path, StackFileContent content) =>
        new(path, content.IsExecutable ? RunMode : UsualMode, 0, 0, content.Bytes);

    /// <summary>The language of a path, for the editor.</summary>
    public static string LanguageOf(string path) => Path.GetExtension(path) is ".yaml" or ".yml" ? "yaml"
        : Path.GetFileName(path).StartsWith("Dockerfile", StringComparison.Ordinal) ? "dockerfile" : "plaintext";

    /// <summary>Whether both say the same in the same order.</summary>
    public bool IsSameAs(StackFileSet other) =>
        ComposeFiles.SequenceEqual(other.ComposeFiles) && _files.SequenceEqual(other._files);
}
