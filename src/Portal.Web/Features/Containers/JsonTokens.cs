using System.Text.RegularExpressions;

namespace Portal.Web.Features.Containers;

/// <summary>Cuts formatted JSON into pieces of one colour each. Joined again they are the text, to the letter.</summary>
public static partial class JsonTokens
{
    public static IEnumerable<(string Text, string? Style)> Split(string json)
    {
        var last = 0;
        foreach (Match match in Token().Matches(json))
        {
            if (match.Index > last)
            {
                yield return (json[last..match.Index], null);
            }

            yield return (match.Value, StyleOf(match));
            last = match.Index + match.Length;
        }

        if (last < json.Length)
        {
            yield return (json[last..], null);
        }
    }

    private static string StyleOf(Match match) =>
        match.Groups["key"].Success ? "json-key"
        : match.Groups["text"].Success ? "json-text"
        : match.Groups["number"].Success ? "json-number"
        : "json-word";

    // A string followed by a colon is a key. The pattern can't backtrack into a string: each character is escaped or not.
    [GeneratedRegex(
        @"(?<key>""(?:[^""\\]|\\.)*""(?=\s*:))|(?<text>""(?:[^""\\]|\\.)*"")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>true|false|null)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
