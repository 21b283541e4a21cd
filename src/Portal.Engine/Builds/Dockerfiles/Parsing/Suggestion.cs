namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>Guesses what was meant by a word that is not known.</summary>
internal static class Suggestion
{
    private const int MostEdits = 2;

    /// <summary><c> (did you mean X?)</c>, or nothing when no known word is close.</summary>
    public static string For(string word, IEnumerable<string> known, string prefix = "")
    {
        var best = known
            .Where(item => Math.Abs(item.Length - word.Length) <= MostEdits)
            .Select(item => (item, edits: Edits(item.ToUpperInvariant(), word.ToUpperInvariant())))
            .Where(entry => entry.edits <= MostEdits && entry.edits < word.Length)
            .OrderBy(entry => entry.edits)
            .Select(entry => entry.item)
            .FirstOrDefault();
        return best is null ? "" : $" (did you mean {prefix}{best}?)";
    }

    // Levenshtein's distance. Callers pass words of about one length only, so this stays small.
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[^1];
    }
}
