using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Web.Features.Webhooks.Payloads;

namespace Portal.Web.Features.Webhooks.Matching;

/// <summary>
/// Leads to one value of a JSON: <c>$</c>, then up to eight of <c>.name</c> (letters, digits, <c>_</c> and <c>-</c>), <c>['any name']</c> without quotes
/// in it, and <c>[3]</c>. Of RFC 9535 no more than that: no wildcards, slices, filters or descent, so a path leads to one value or to none.
/// </summary>
internal static partial class JsonPath
{
    public const int Longest = 256;
    private const int MostSteps = 8;

    public static bool IsRight(string path) => path.Length <= Longest && Shape().IsMatch(path) && Steps().Count(path) <= MostSteps;

    /// <summary>The value as text: a string itself, a number as it is written, <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    /// <returns>Null when the path leads to nothing, to an object or to a list.</returns>
    public static string? Find(JsonElement root, string path)
    {
        if (!IsRight(path))
        {
            return null;
        }

        foreach (Match step in Steps().Matches(path))
        {
            var name = step.Groups["name"];
            if (name.Success)
            {
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name.Value, out root))
                {
                    return null;
                }
            }
            else
            {
                var index = int.Parse(step.Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
                if (root.ValueKind != JsonValueKind.Array || index >= root.GetArrayLength())
                {
                    return null;
                }

                root = root[index];
            }
        }

        return root.ValueKind switch
        {
            JsonValueKind.String => root.AsText(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => root.GetRawText(),
            _ => null,
        };
    }

    [GeneratedRegex(@"\A\$(\.[A-Za-z0-9_-]+|\['[^'\\\p{Cc}]+'\]|\[[0-9]{1,4}\])*\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\.(?<name>[A-Za-z0-9_-]+)|\['(?<name>[^'\\]+)'\]|\[(?<index>[0-9]{1,4})\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Steps();
}
