using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Engine.Builds.Dockerfiles.Expansion;

/// <summary>
/// The patterns of <c>${name#pattern}</c> and its kin: <c>*</c>, <c>?</c> and a backslash that escapes. Compiled without backtracking, so
/// that no pattern takes more than linear time.
/// </summary>
internal static class ShellPattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;

    /// <summary>Takes the shortest or longest beginning away that fits.</summary>
    public static string RemovePrefix(string value, string pattern, bool longest)
    {
        var match = Regex.Match(value, "^" + Translate(Tokens(pattern), longest), Options);
        return match.Success ? value[match.Length..] : value;
    }

    /// <summary>Takes the shortest or longest end away that fits.</summary>
    public static string RemoveSuffix(string value, string pattern, bool longest)
    {
        // An end is the beginning of what is read backwards.
        var match = Regex.Match(Reverse(value), "^" + Translate(Tokens(pattern).AsEnumerable().Reverse(), longest), Options);
        return match.Success ? value[..^match.Length] : value;
    }

    /// <summary>Puts another text in for the first or every longest piece that fits.</summary>
    public static string Replace(string value, string pattern, string replacement, bool all)
    {
        if (pattern.Length == 0)
        {
            return value;
        }

        var regex = new Regex(Translate(Tokens(pattern), longest: true), Options);
        return regex.Replace(value, _ => replacement, all ? -1 : 1);
    }

    /// <summary>One for each wildcard or character; an escaped character is longer than itself.</summary>
    private static List<string> Tokens(string pattern)
    {
        var tokens = new List<string>();
        for (var at = 0; at < pattern.Length; at++)
        {
            tokens.Add(pattern[at] == '\\' && at + 1 < pattern.Length ? $"\\{pattern[++at]}" : pattern[at].ToString());
        }

        return tokens;
    }

    private static string Translate(IEnumerable<string> tokens, bool longest)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            text.Append(token switch
            {
                "*" => longest ? ".*" : ".*?",
                "?" => ".",
                _ => Regex.Escape(token[^1].ToString()),
            });
        }

        return text.ToString();
    }

    private static string Reverse(string text)
    {
        var letters = text.ToCharArray();
        Array.Reverse(letters);
        return new string(letters);
    }
}
