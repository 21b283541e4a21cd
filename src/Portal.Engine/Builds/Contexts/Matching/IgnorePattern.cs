using System.Text;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Contexts.Matching;

/// <summary>One line of a <c>.dockerignore</c> (Docker documentation, "Build context", ".dockerignore files").</summary>
internal sealed class IgnorePattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;
    private readonly Regex _regex;

    /// <param name="pattern">The pattern, cleaned, without an exclamation mark.</param>
    /// <param name="isException">True for one that takes files back in.</param>
    /// <exception cref="EngineException">InvalidArgument: a malformed pattern.</exception>
    public IgnorePattern(string pattern, bool isException)
    {
        IsException = isException;
        Text = pattern;
        try
        {
            _regex = new Regex($@"\A(?:{Translate(pattern)})\z", Options);
        }
        catch (ArgumentException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"Error checking context: the pattern '{pattern}' is malformed", failure);
        }
    }

    public bool IsException { get; }

    public string Text { get; }

    /// <summary>True when the pattern fits this very path; what is beneath a match is the caller's to know.</summary>
    public bool IsMatch(string path) => _regex.IsMatch(path);

    private static string Translate(string pattern)
    {
        var text = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            var letter = pattern[at];
            if (letter == '*' && at + 1 < pattern.Length && pattern[at + 1] == '*')
            {
                // Two stars and a slash stand for any number of folders, none included; at the end for anything.
                at++;
                at += at + 1 < pattern.Length && pattern[at + 1] == '/' ? 1 : 0;
                text.Append(at + 1 == pattern.Length ? ".*" : "(?:.*/)?");
            }
            else if (letter == '\\')
            {
                at++;
                text.Append(at < pattern.Length ? Regex.Escape(pattern[at].ToString()) : @"\\");
            }
            else if (letter is '[' && Class(pattern, at, text) is var end && end > at)
            {
                at = end;
            }
            else
            {
                text.Append(letter switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    _ => Regex.Escape(letter.ToString()),
                });
            }
        }

        return text.ToString();
    }

    private static int Class(string pattern, int start, StringBuilder text)
    {
        var end = pattern.IndexOf(']', start + 1);
        if (end <= start + 1)
        {
            throw EngineException.InvalidArgument($"Error checking context: the pattern '{pattern}' is malformed");
        }

        var body = pattern[(start + 1)..end];
        text.Append('[').Append(body.Replace("[", @"\[", StringComparison.Ordinal)).Append(']');
        return end;
    }
}
