using System.Text;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Contexts.Matching;

/// <summary>
/// The files that a <c>.dockerignore</c> keeps out. The last line that fits a path or a folder above it decides, so an exception after a
/// folder takes single files of it back in.
/// </summary>
internal sealed class IgnoreFile
{
    private const int MaxBytes = 1 << 20;
    private const int MaxPatterns = 10_000;
    private readonly IReadOnlyList<IgnorePattern> _patterns;

    // What each line said of a folder, so that its files need not ask for all folders above.
    private readonly Dictionary<string, bool[]> _folders = new(StringComparer.Ordinal);

    private IgnoreFile(IReadOnlyList<IgnorePattern> patterns)
    {
        _patterns = patterns;
    }

    public static IgnoreFile Nothing { get; } = new([]);

    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>True when something that is kept out may hold something that is not.</summary>
    public bool HasExceptions => _patterns.Any(pattern => pattern.IsException);

    /// <exception cref="EngineException">InvalidArgument: too large, or a malformed line.</exception>
    public static IgnoreFile Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            throw EngineException.InvalidArgument($"Error checking context: the .dockerignore is over {MaxBytes} bytes long");
        }

        var text = Encoding.UTF8.GetString(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
        return Of(text.Split('\n').Where(line => !line.StartsWith('#')));
    }

    /// <summary>Patterns without comments, such as those of <c>COPY --exclude</c>.</summary>
    public static IgnoreFile Of(IEnumerable<string> lines)
    {
        var patterns = lines.Select(ParseLine).OfType<IgnorePattern>().ToList();
        return patterns.Count <= MaxPatterns
            ? new IgnoreFile(patterns)
            : throw EngineException.InvalidArgument($"Error checking context: over {MaxPatterns} patterns");
    }

    /// <summary>True when the file or folder is kept out. A folder that is may still hold files that are not.</summary>
    /// <param name="path">Relative to the root, clean.</param>
    public bool IsIgnored(string path)
    {
        if (_patterns.Count == 0 || path is "." or "")
        {
            return false;
        }

        var matches = Matches(path);
        var isIgnored = false;
        for (var index = 0; index < matches.Length; index++)
        {
            isIgnored = matches[index] ? !_patterns[index].IsException : isIgnored;
        }

        return isIgnored;
    }

    private static IgnorePattern? ParseLine(string line)
    {
        var pattern = line.Trim();
        var isException = pattern.StartsWith('!');
        pattern = isException ? pattern[1..].Trim() : pattern;
        if (pattern.Length == 0)
        {
            return isException ? throw EngineException.InvalidArgument("Error checking context: illegal exclusion pattern: \"!\"") : null;
        }

        pattern = GoPath.Clean(pattern);
        pattern = pattern.Length > 1 && pattern[0] == '/' ? pattern[1..] : pattern;
        return new IgnorePattern(pattern, isException);
    }

    private bool[] Matches(string path)
    {
        var slash = path.LastIndexOf('/');
        var above = slash < 0 ? null : OfFolder(path[..slash]);
        var matches = new bool[_patterns.Count];
        for (var index = 0; index < matches.Length; index++)
        {
            matches[index] = above?[index] == true || _patterns[index].IsMatch(path);
        }

        return matches;
    }

    private bool[] OfFolder(string folder)
    {
        lock (_folders)
        {
            if (!_folders.TryGetValue(folder, out var matches))
            {
                _folders[folder] = matches = Matches(folder);
            }

            return matches;
        }
    }
}
