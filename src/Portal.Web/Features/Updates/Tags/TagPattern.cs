using System.Text.RegularExpressions;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>
/// Which tags count: <c>*-alpine</c>, or a regular expression between slashes, <c>/^v(.+)-alpine$/</c>. What its first group matches is
/// compared in the tag's place.
/// </summary>
/// <remarks>Expressions are matched in time that grows with the text alone, so they have no look-around and no references back.</remarks>
internal sealed partial class TagPattern
{
    private const int Longest = 200;
    private const int MostRepetitions = 256;

    // For a host that is too busy: a tag that could not be looked at is left out.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly string _glob;
    private readonly Regex? _expression;

    private TagPattern(string glob, Regex? expression) => (_glob, _expression) = (glob, expression);

    /// <summary>Reads one; empty lets all through.</summary>
    /// <returns>Null, with what is wrong.</returns>
    public static TagPattern? Parse(string text, out string problem)
    {
        problem = "";
        if (text.Length > Longest || text.Any(char.IsControl))
        {
            problem = $"A pattern has at most {Longest} characters.";
            return null;
        }

        if (text.Length < 2 || text[0] != '/' || text[^1] != '/')
        {
            return new TagPattern(text, null);
        }

        var inner = text[1..^1];
        try
        {
            if (Repetitions(inner) > MostRepetitions)
            {
                problem = $"The regular expression repeats more than {MostRepetitions} times.";
                return null;
            }

            return new TagPattern("", new Regex(inner, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_patience));
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            problem = "This is no regular expression that can be matched in bounded time: "
                + "look-around and references back are not known.";
            return null;
        }
    }

    /// <summary>What is compared of a tag.</summary>
    /// <returns>Null where it does not match.</returns>
    public string? Read(string tag)
    {
        if (_expression is null)
        {
            return _glob.Length == 0 || Glob.Matches(_glob, tag) ? tag : null;
        }

        try
        {
            var match = _expression.Match(tag);
            return !match.Success ? null : match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1].Value : tag;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    // Repetitions within others multiply, and all of them are laid out before the first match.
    private static double Repetitions(string expression) => Counted().Matches(expression)
        .Select(match => double.Parse(match.Groups["most"].Success ? match.Groups["most"].Value : match.Groups["least"].Value,
            System.Globalization.CultureInfo.InvariantCulture))
        .Aggregate(1.0, (product, times) => product * Math.Max(1, times));

    [GeneratedRegex(@"\{(?<least>[0-9]+)(,(?<most>[0-9]+)?)?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Counted();
}
