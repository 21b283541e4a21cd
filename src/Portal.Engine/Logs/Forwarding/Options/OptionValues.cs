using System.Globalization;
using Portal.Engine.Builds.Dockerfiles.Parsing;

namespace Portal.Engine.Logs.Forwarding.Options;

/// <summary>
/// The options of one container's log, read as Docker reads them. Whatever is wrong is gathered, and a default stands in for it.
/// </summary>
internal sealed class OptionValues(IReadOnlyDictionary<string, string> options)
{
    private const decimal LongestSeconds = 24 * 3600;
    private readonly List<string> _problems = [];

    /// <summary>What is wrong, in the order it was met.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public void Refuse(string problem) => _problems.Add(problem);

    /// <summary>The text; null when there is none, or an empty one.</summary>
    public string? Text(string name) => options.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    public bool IsGiven(string name) => Text(name) is not null;

    /// <summary>A truth value in one of the forms of Go's <c>strconv.ParseBool</c>; null when it is not given.</summary>
    public bool? Flag(string name)
    {
        switch (Text(name))
        {
            case null:
                return null;
            case "1" or "t" or "T" or "true" or "TRUE" or "True":
                return true;
            case "0" or "f" or "F" or "false" or "FALSE" or "False":
                return false;
            case var other:
                Refuse($"invalid value '{other}' for log opt '{name}': it is 'true' or 'false'");
                return null;
        }
    }

    /// <summary>A number within bounds; null when it is not given, or wrong.</summary>
    public long? Number(string name, long least, long most, string problem)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Refuse(problem);
        return null;
    }

    /// <summary>A duration such as <c>500ms</c>, up to a day; null when it is not given, or wrong.</summary>
    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan? most = null)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var longest = most ?? TimeSpan.FromSeconds((double)LongestSeconds);
        if (GoDurations.TryParse(text, out var nanoseconds) && nanoseconds <= LongestSeconds * 1e9m
            && TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick)) is var duration
            && duration >= least && duration <= longest)
        {
            return duration;
        }

        Refuse($"invalid value '{text}' for log opt '{name}': it is a duration such as '500ms' from {In(least)} to {In(longest)}");
        return null;
    }

    private static string In(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s");
}
