using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>Durations as Go writes them: <c>1m30s</c>, <c>500ms</c>.</summary>
internal static partial class GoDurations
{
    private const long MostNanoseconds = long.MaxValue / 4;

    /// <returns>Nanoseconds.</returns>
    public static long Parse(string flag, string text)
    {
        return !TryParse(text, out var nanoseconds)
            ? throw new DockerfileSyntaxException($"invalid duration \"{text}\" for flag {flag}")
            : nanoseconds <= MostNanoseconds
                ? (long)nanoseconds
                : throw new DockerfileSyntaxException($"duration \"{text}\" for flag {flag} is too long");
    }

    /// <summary>Reads one, however long it is.</summary>
    public static bool TryParse(string text, out decimal nanoseconds)
    {
        nanoseconds = 0;
        if (text == "0")
        {
            return true;
        }

        var match = Form().Match(text);
        if (!match.Success || text.Length > 40)
        {
            return false;
        }

        for (var part = 0; part < match.Groups["number"].Captures.Count; part++)
        {
            var number =
                decimal.Parse(match.Groups["number"].Captures[part].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            nanoseconds += Math.Min(number, MostNanoseconds) * Nanoseconds(match.Groups["unit"].Captures[part].Value);
        }

        return true;
    }

    private static decimal Nanoseconds(string unit) => unit switch
    {
        "ns" => 1m,
        "us" or "µs" or "μs" => 1e3m,
        "ms" => 1e6m,
        "s" => 1e9m,
        "m" => 60e9m,
        _ => 3600e9m,
    };

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})(?<unit>ns|us|µs|μs|ms|s|m|h))+$")]
    private static partial Regex Form();
}
