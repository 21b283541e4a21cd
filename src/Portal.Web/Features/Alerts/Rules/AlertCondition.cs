using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>When a rule finds something, and of what.</summary>
public sealed record AlertCondition
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public AlertKind Kind { get; init; }

    /// <summary>In the kind's unit; it is bad at it and beyond.</summary>
    public double Threshold { get; init; }

    /// <summary>Where it counts as over again: below the threshold (for days left above it), so that a value at the edge does not flap.</summary>
    public double Clear { get; init; }

    /// <summary>How long it must be bad before anybody is told.</summary>
    public int ForSeconds { get; init; }

    /// <summary>Only on these nodes; empty for all.</summary>
    public IReadOnlyList<Guid> NodeIds { get; init; } = [];

    /// <summary>Only containers of these names, with <c>*</c>; empty for all.</summary>
    public string NamePattern { get; init; } = "";

    /// <summary>A regular expression, for lines of a log; empty for all other kinds.</summary>
    public string LinePattern { get; init; } = "";

    /// <summary>Within how many seconds lines are counted.</summary>
    public int WindowSeconds { get; init; }

    public static AlertCondition Parse(string json) =>
        JsonSerializer.Deserialize<AlertCondition>(json, s_options) ?? throw new JsonException("A condition is null.");

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>All that is wrong with it, for the user.</summary>
    public IEnumerable<string> Problems()
    {
        if (ForSeconds is < 0 or > 7 * 86400)
        {
            yield return N("It can last from 0 seconds to 7 days before it is told.");
        }

        if (NamePattern.Length > 256)
        {
            yield return N("The pattern of names has more than 256 characters.");
        }

        if (Kind == AlertKind.ContainerLog)
        {
            foreach (var problem in LogProblems())
            {
                yield return problem;
            }
        }

        if (AlertKindInfo.Of(Kind).Unit is null)
        {
            yield break;
        }

        if (!double.IsFinite(Threshold) || Threshold <= 0 || Threshold > 100_000)
        {
            yield return N("The threshold must be above 0.");
        }
        else if (Kind == AlertKind.Certificate ? Clear < Threshold : !(Clear <= Threshold && Clear >= 0))
        {
            yield return Kind == AlertKind.Certificate
                ? N("It is over with more days left than the threshold.")
                : N("It is over at the threshold or below it.");
        }
    }

    /// <summary>Whether a name is meant by a pattern with <c>*</c>; an empty one means all.</summary>
    public static bool Matches(string pattern, string name) =>
        pattern.Length == 0 || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);

    private IEnumerable<string> LogProblems()
    {
        if (WindowSeconds is < 10 or > 86_400)
        {
            yield return N("Lines are counted within 10 seconds to 1 day.");
        }

        if (NamePattern.Length == 0 && NodeIds.Count == 0)
        {
            yield return N("Say of which containers: every log that is watched comes to the portal.");
        }

        if (LinePattern.Length is 0 or > 256)
        {
            yield return N("The pattern of lines needs 1 to 256 characters.");
            yield break;
        }

        string? refused = null;
        try
        {
            _ = LogMatches.Compile(LinePattern);
        }
        catch (ArgumentException failure)
        {
            refused = E("The pattern of lines is no regular expression: {0}", failure.Message);
        }
        catch (NotSupportedException)
        {
            refused = N("The pattern of lines must do without looking around or back.");
        }

        if (refused is not null)
        {
            yield return refused;
        }
    }
}
