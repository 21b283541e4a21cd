namespace Portal.Compose.Shapes;

/// <summary>How far one word is from another.</summary>
internal static class Spelling
{
    private const int Longest = 40;

    /// <summary>Letters to put in, take out or change; a lot when one of them is long.</summary>
    public static int Distance(string one, string other)
    {
        if (one.Length > Longest || other.Length > Longest)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
