using System.Numerics;
using System.Text.RegularExpressions;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>
/// Which versions are meant, as npm writes it: <c>^1.4</c>, <c>~2.1</c>, <c>&gt;=1 &lt;3</c>, <c>1.x</c>, <c>1.2 - 1.4</c>, <c>*</c>, and several of
/// these with <c>||</c> between.
/// </summary>
internal sealed partial class VersionRange
{
    private const int Longest = 200;
    private const int MostAlternatives = 10;
    private readonly List<IReadOnlyList<VersionBound>> _alternatives = [];
    private readonly List<SemanticVersion> _written = [];
    private readonly bool _preReleases;

    private VersionRange(bool preReleases) => _preReleases = preReleases;

    /// <summary>Reads one.</summary>
    /// <param name="text">The range.</param>
    /// <param name="preReleases">
    /// Whether versions before a release count; without, only those of a release whose own one the range names.
    /// </param>
    /// <returns>Null where it is none.</returns>
    public static VersionRange? Parse(string text, bool preReleases)
    {
        var alternatives = text.Split("||");
        if (text.Length > Longest || alternatives.Length > MostAlternatives)
        {
            return null;
        }

        var range = new VersionRange(preReleases);
        foreach (var alternative in alternatives)
        {
            if (range.ReadAll(alternative.Replace(',', ' ').Trim()) is not { } bounds)
            {
                return null;
            }

            range._alternatives.Add(bounds);
        }

        return range;
    }

    public bool Contains(SemanticVersion version) => _alternatives.Any(bounds => bounds.All(bound => bound.Holds(version)))
        && (!version.IsPreRelease || _preReleases || _written.Any(version.IsOfSameRelease));

    // Of a partial version: where the next one of it begins, what comes before that release included.
    private static SemanticVersion After(IReadOnlyList<BigInteger> numbers) => numbers.Count switch
    {
        1 => new SemanticVersion(numbers[0] + 1, 0, 0, "0"),
        2 => new SemanticVersion(numbers[0], numbers[1] + 1, 0, "0"),
        _ => new SemanticVersion(numbers[0], numbers[1], numbers[2] + 1, "0"),
    };

    [GeneratedRegex(@"^(?<from>\S+)\s+-\s+(?<to>\S+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex(@"(?<sign><=|>=|<|>|=|\^|~)?\s*(?<version>[^\s<>=^~]+)\s*", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();

    private List<VersionBound>? ReadAll(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        if (Span().Match(text) is { Success: true } span)
        {
            return Read(">=", span.Groups["from"].Value) is { } from && Read("<=", span.Groups["to"].Value) is { } to
                ? [.. from, .. to] : null;
        }

        var (bounds, at) = (new List<VersionBound>(), 0);
        while (at < text.Length)
        {
            var term = Term().Match(text, at);
            if (!term.Success || term.Index != at || Read(term.Groups["sign"].Value, term.Groups["version"].Value) is not { } more)
            {
                return null;
            }

            bounds.AddRange(more);
            at += term.Length;
        }

        return bounds;
    }

    private List<VersionBound>? Read(string sign, string text)
    {
        if (SemanticVersion.Parse(text) is { } whole)
        {
            if (whole.IsPreRelease)
            {
                _written.Add(whole);
            }

            return sign switch
            {
                "^" => [new(">=", whole), new("<", AfterCaret([whole.Major, whole.Minor, whole.Patch]))],
                "~" => [new(">=", whole), new("<", After([whole.Major, whole.Minor]))],
                "" => [new("=", whole)],
                _ => [new(sign, whole)],
            };
        }

        return Numbers(text) is { } numbers ? ReadPart(sign, numbers) : null;
    }

    // What is left out of it stands for any.
    private List<VersionBound>? ReadPart(string sign, List<BigInteger> numbers)
    {
        if (numbers.Count == 0)
        {
            return sign is "<" or ">" ? null : [];
        }

        BigInteger[] padded = [.. numbers, .. new BigInteger[3 - numbers.Count]];
        var first = new SemanticVersion(padded[0], padded[1], padded[2], _preReleases ? ["0"] : []);
        return sign switch
        {
            "<" => [new("<", new SemanticVersion(padded[0], padded[1], padded[2], "0"))],
            "<=" => [new("<", After(numbers))],
            ">" => [new(">=", Released(After(numbers)))],
            ">=" => [new(">=", first)],
            "^" => [new(">=", first), new("<", AfterCaret(numbers))],
            _ => [new(">=", first), new("<", After(numbers))],
        };
    }

    private SemanticVersion Released(SemanticVersion version) =>
        _preReleases ? version : new SemanticVersion(version.Major, version.Minor, version.Patch);

    // The first number that is not 0 stays.
    private static SemanticVersion AfterCaret(List<BigInteger> numbers)
    {
        var kept = numbers.FindIndex(number => !number.IsZero);
        return After(kept < 0 ? numbers : numbers[..(kept + 1)]);
    }

    private static List<BigInteger>? Numbers(string text)
    {
        var parts = (text[0] is 'v' or 'V' ? text[1..] : text).Split('.');
        var wild = Array.FindIndex(parts, part => part is "x" or "X" or "*");
        var known = wild < 0 ? parts : parts[..wild];
        var isRight = parts.Length <= 3 && known.All(SemanticVersion.IsNumber)
            && (wild < 0 ? parts.Length < 3 : parts[wild..].All(part => part is "x" or "X" or "*"));
        return isRight ? [.. known.Select(SemanticVersion.Number)] : null;
    }
}
