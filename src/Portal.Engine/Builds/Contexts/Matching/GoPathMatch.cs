using System.Text;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Contexts.Matching;

/// <summary>
/// One name against a pattern of Go's <c>filepath.Match</c>: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a-z]</c>, a backslash that escapes.
/// None of them fits a slash.
/// </summary>
internal sealed class GoPathMatch
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;
    private readonly Regex _regex;

    /// <exception cref="EngineException">InvalidArgument: a malformed pattern (Go's ErrBadPattern).</exception>
    public GoPathMatch(string pattern)
    {
        _regex = new Regex($@"\A(?:{Translate(pattern)})\z", Options);
    }

    /// <summary>True when the text holds anything that is special in a pattern.</summary>
    public static bool HasWildcard(string text) => text.AsSpan().ContainsAny("*?[\\");

    public bool IsMatch(string name) => _regex.IsMatch(name);

    private static string Translate(string pattern)
    {
        var text = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '[':
                    at = Class(pattern, at, text);
                    break;
                case '\\':
                    at++;
                    text.Append(Regex.Escape(at < pattern.Length ? pattern[at].ToString() : throw Bad(pattern)));
                    break;
                default:
                    text.Append(Regex.Escape(pattern[at].ToString()));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Translates a class; the place of its closing bracket.</summary>
    private static int Class(string pattern, int at, StringBuilder text)
    {
        at++;
        var isNegated = at < pattern.Length && pattern[at] == '^';
        at += isNegated ? 1 : 0;
        text.Append(isNegated ? "[^/" : "[");
        var ranges = 0;
        while (at < pattern.Length && (pattern[at] != ']' || ranges == 0))
        {
            var low = Letter(pattern, ref at);
            var high = low;
            if (at < pattern.Length && pattern[at] == '-')
            {
                at++;
                high = Letter(pattern, ref at);
            }

            ranges++;
            if (low <= high)
            {
                text.Append(Code(low)).Append('-').Append(Code(high));
            }
            else
            {
                // Go takes a range upside down for one that nothing fits.
                text.Append(@"\u0000-\u0000");
            }
        }

        text.Append(']');
        return at < pattern.Length ? at : throw Bad(pattern);
    }

    private static char Letter(string pattern, ref int at)
    {
        if (at >= pattern.Length || pattern[at] is '-' or ']')
        {
            throw Bad(pattern);
        }

        at += pattern[at] == '\\' ? 1 : 0;
        return at < pattern.Length ? pattern[at++] : throw Bad(pattern);
    }

    private static string Code(char letter) => $@"\u{(int)letter:x4}";

    private static EngineException Bad(string pattern) =>
        EngineException.InvalidArgument($"syntax error in pattern '{pattern}'");
}
