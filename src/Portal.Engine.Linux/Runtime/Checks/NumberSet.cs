using System.Globalization;

namespace Portal.Engine.Linux.Runtime.Checks;

/// <summary>Lists of processors and memory nodes (cpuset(7), "List format"): <c>0-2,4</c>.</summary>
internal static class NumberSet
{
    /// <summary>The highest number that a list may name.</summary>
    public const int Highest = 8192;

    /// <returns>Null when it is none, or names a number beyond the highest. An empty one has no numbers.</returns>
    public static HashSet<int>? Parse(string text)
    {
        var numbers = new HashSet<int>();
        foreach (var part in text.Length == 0 ? [] : text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || last < first)
            {
                return null;
            }

            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }

    private static bool TryParse(string text, out int number)
    {
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Highest;
    }
}
