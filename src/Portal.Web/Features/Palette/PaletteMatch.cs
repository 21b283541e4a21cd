namespace Portal.Web.Features.Palette;

/// <summary>How well what was typed fits a text.</summary>
internal static class PaletteMatch
{
    /// <summary>It does not fit.</summary>
    public const int None = 0;

    private const int Whole = 100;
    private const int Start = 80;
    private const int WordStart = 60;
    private const int Inside = 40;
    private const int Scattered = 10;
    private const int ShortestScattered = 3;

    /// <summary>The words of what was typed.</summary>
    public static string[] Words(string query) =>
        query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>All words must be found; the sum of how well.</summary>
    public static int Score(IEnumerable<string> words, string text)
    {
        var sum = 0;
        foreach (var word in words)
        {
            var score = Score(word, text);
            if (score == None)
            {
                return None;
            }

            sum += score;
        }

        return sum;
    }

    /// <summary>Whole, at the start, at the start of a word, inside, or letter by letter in order.</summary>
    public static int Score(string word, string text)
    {
        var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        if (at == 0)
        {
            return word.Length == text.Length ? Whole : Start;
        }

        if (at > 0)
        {
            for (var next = at; next > 0; next = text.IndexOf(word, next + 1, StringComparison.OrdinalIgnoreCase))
            {
                if (!char.IsLetterOrDigit(text[next - 1]))
                {
                    return WordStart;
                }
            }

            return Inside;
        }

        return word.Length >= ShortestScattered && IsScattered(word, text) ? Scattered : None;
    }

    private static bool IsScattered(string word, string text)
    {
        var found = 0;
        foreach (var letter in text)
        {
            if (char.ToUpperInvariant(letter) == char.ToUpperInvariant(word[found]) && ++found == word.Length)
            {
                return true;
            }
        }

        return false;
    }
}
