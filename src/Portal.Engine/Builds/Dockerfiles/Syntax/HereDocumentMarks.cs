using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Builds.Dockerfiles.Expansion;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>Finds <c>&lt;&lt;EOF</c> among the words of an instruction.</summary>
internal static partial class HereDocumentMarks
{
    private static readonly string[] s_carriers = ["RUN", "COPY", "ADD"];

    /// <summary>The documents that the instruction announces, still without content.</summary>
    /// <exception cref="DockerfileSyntaxException">Quotes that don't end, or too many documents.</exception>
    public static IReadOnlyList<HereDocument> Find(string text, char escape)
    {
        var (name, rest) = SplitFirst(text);
        if (name.Equals("ONBUILD", StringComparison.OrdinalIgnoreCase))
        {
            (name, rest) = SplitFirst(rest);
        }

        if (!s_carriers.Contains(name, StringComparer.OrdinalIgnoreCase) || !rest.Contains("<<", StringComparison.Ordinal)
            || rest.StartsWith('['))
        {
            return [];
        }

        // A lone quote is an error of ENV, but ordinary in what RUN passes on to a shell: then there is no document.
        var marks = WordSplitter.Split(rest, escape).Select(word => Parse(word, escape)).OfType<HereDocument>().ToList();
        return marks.Count <= DockerfileLimits.MaxHereDocuments
            ? marks
            : throw new DockerfileSyntaxException($"over {DockerfileLimits.MaxHereDocuments} here-documents in one instruction");
    }

    /// <summary>The mark that a word is, or null.</summary>
    public static HereDocument? Parse(string word, char escape)
    {
        var match = Mark().Match(word);
        if (!match.Success)
        {
            return null;
        }

        var raw = match.Groups["word"].Value;
        var name = VariableExpander.Unquote(raw, escape);
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
        {
            return null;
        }

        _ = int.TryParse(match.Groups["fd"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor);
        return new HereDocument(name, "", Expand: raw == name, Chomp: match.Groups["chomp"].Length > 0, descriptor);
    }

    private static (string Name, string Arguments) SplitFirst(string text)
    {
        var trimmed = text.TrimStart();
        var end = trimmed.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (trimmed, "") : (trimmed[..end], trimmed[end..].TrimStart());
    }

    [GeneratedRegex(@"^(?<fd>[0-9]{0,4})<<(?<chomp>-?)(?<word>[^<]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
