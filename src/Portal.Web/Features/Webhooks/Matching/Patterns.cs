namespace Portal.Web.Features.Webhooks.Matching;

/// <summary>A list of patterns (<see cref="Glob"/>); one that begins with <c>!</c> takes away what others let in.</summary>
internal static class Patterns
{
    public const int Most = 50;

    /// <summary>True when none takes it away, and one lets it in or there is none that lets in.</summary>
    public static bool Allow(IReadOnlyList<string> patterns, string text) =>
        !patterns.Any(pattern => IsNot(pattern) && Glob.Matches(pattern[1..], text))
        && (patterns.All(IsNot) || patterns.Any(pattern => !IsNot(pattern) && Glob.Matches(pattern, text)));

    public static IEnumerable<string> Problems(string what, IReadOnlyList<string> patterns)
    {
        if (patterns.Count > Most)
        {
            yield return E("{0:said}: at most {1} patterns.", what, Most);
        }

        if (patterns.Any(pattern => pattern.TrimStart('!').Length is 0 or > Glob.Longest || pattern.Any(char.IsControl)))
        {
            yield return E("{0:said}: a pattern has 1 to {1} characters.", what, Glob.Longest);
        }
    }

    private static bool IsNot(string pattern) => pattern.StartsWith('!');
}
