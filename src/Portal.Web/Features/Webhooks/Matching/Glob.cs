namespace Portal.Web.Features.Webhooks.Matching;

/// <summary>
/// A pattern of names and paths: <c>*</c> stands for any letters but <c>/</c>, <c>**</c> for any at all, <c>?</c> for one that is no <c>/</c>;
/// all else stands for itself. <c>**/</c> stands for no folder too.
/// </summary>
/// <remarks>Time and room grow with the product of the lengths, whatever the pattern: both are others' to choose.</remarks>
internal static class Glob
{
    public const int Longest = 256;

    // Of a path; what is longer matches nothing.
    private const int LongestText = 4096;

    public static bool Matches(string pattern, string text)
    {
        if (pattern.Length > Longest || text.Length > LongestText)
        {
            return false;
        }

        // reached[i]: the pattern read so far can have used up the first i letters.
        Span<bool> reached = new bool[text.Length + 1];
        Span<bool> next = new bool[text.Length + 1];
        reached[0] = true;
        for (var at = 0; at < pattern.Length; at++)
        {
            next.Clear();
            if (pattern[at] == '*' && at + 1 < pattern.Length && pattern[at + 1] == '*')
            {
                at++;
                var folders = at + 1 < pattern.Length && pattern[at + 1] == '/';
                at += folders ? 1 : 0;
                Any(reached, next, text, folders);
            }
            else if (pattern[at] == '*')
            {
                Some(reached, next, text);
            }
            else
            {
                One(reached, next, text, pattern[at]);
            }

            next.CopyTo(reached);
        }

        return reached[text.Length];
    }

    // Behind '**/' a name begins: at the place itself, or after any '/'.
    private static void Any(ReadOnlySpan<bool> reached, Span<bool> next, string text, bool folders)
    {
        var open = false;
        for (var at = 0; at <= text.Length; at++)
        {
            next[at] = reached[at] || (open && (!folders || text[at - 1] == '/'));
            open |= reached[at];
        }
    }

    private static void Some(ReadOnlySpan<bool> reached, Span<bool> next, string text)
    {
        for (var at = 0; at <= text.Length; at++)
        {
            next[at] = reached[at] || (at > 0 && next[at - 1] && text[at - 1] != '/');
        }
    }

    private static void One(ReadOnlySpan<bool> reached, Span<bool> next, string text, char letter)
    {
        for (var at = 0; at < text.Length; at++)
        {
            next[at + 1] = reached[at] && (letter == '?' ? text[at] != '/' : text[at] == letter);
        }
    }
}
