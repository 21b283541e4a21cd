using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>Which tag of its repository a service's image shall have: the newest, by some order, of those that count.</summary>
/// <param name="Order">By what the newest is told.</param>
/// <param name="Range">For versions: which; see <see cref="VersionRange"/>.</param>
/// <param name="PreReleases">For versions: whether those before a release count.</param>
/// <param name="Pattern">Which tags count; see <see cref="TagPattern"/>. Empty for all.</param>
internal sealed partial record TagRule(TagOrder Order, string Range = "", bool PreReleases = false, string Pattern = "")
{
    /// <summary>Labels of a service that say it.</summary>
    public const string Label = "portal.image.policy";
    public const string PatternLabel = "portal.image.pattern";
    public const string PreReleasesLabel = "portal.image.prereleases";

    private const int LongestNumber = 128;

    // What is kept stays short, and is never part of a page as it is.
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The rule of a service's labels.</summary>
    /// <param name="labels">All of them.</param>
    /// <param name="problem">What is wrong with it, empty for nothing.</param>
    /// <returns>Null where they say nothing, or something wrong.</returns>
    public static TagRule? OfLabels(IReadOnlyDictionary<string, string> labels, out string problem)
    {
        problem = "";
        if (!labels.TryGetValue(Label, out var text))
        {
            return null;
        }

        var (kind, range) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : (text.Trim(), "");
        TagOrder? order = kind switch
        {
            "semver" => TagOrder.Version,
            "number" => TagOrder.Number,
            "date" => TagOrder.Date,
            "alphabet" => TagOrder.Alphabet,
            _ => null,
        };
        if (order is null || (order != TagOrder.Version && range.Length > 0))
        {
            problem = $"The label {Label} is 'semver:RANGE', 'number', 'date' or 'alphabet'.";
            return null;
        }

        var isBefore = labels.GetValueOrDefault(PreReleasesLabel, "false") is "true" or "yes" or "1";
        var rule = new TagRule(order.Value, range, isBefore, labels.GetValueOrDefault(PatternLabel, ""));
        problem = rule.Problems().FirstOrDefault() ?? "";
        return problem.Length == 0 ? rule : null;
    }

    public static TagRule Parse(string json) => JsonSerializer.Deserialize<TagRule>(json, s_json) ?? new TagRule(TagOrder.Version);

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>In a line, for people and records.</summary>
    public override string ToString() => (Order switch
    {
        TagOrder.Version => $"semver {(Range.Length > 0 ? Range : "*")}{(PreReleases ? " with pre-releases" : "")}",
        TagOrder.Number => "highest number",
        TagOrder.Date => "newest date",
        _ => "last of the alphabet",
    }) + (Pattern.Length > 0 ? $" of {Pattern}" : "");

    /// <summary>All that is wrong with it.</summary>
    public IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Order))
        {
            yield return "The order is by version, number, date or alphabet.";
        }

        if (Order == TagOrder.Version && VersionRange.Parse(Range, PreReleases) is null)
        {
            yield return "A range of versions is written as ^1.4, ~2.1, >=1 <3, 1.x, 1.2 - 1.4 or *, several of them with || between.";
        }

        if (Order != TagOrder.Version && (Range.Length > 0 || PreReleases))
        {
            yield return "A range and pre-releases are for versions alone.";
        }

        if (TagPattern.Parse(Pattern, out var problem) is null)
        {
            yield return problem;
        }
    }

    /// <summary>Makes it ready for many tags.</summary>
    /// <exception cref="InvalidOperationException">It has problems.</exception>
    public Func<string, (TagReason Reason, TagKey? Key)> Reader()
    {
        var pattern = TagPattern.Parse(Pattern, out var problem) ?? throw new InvalidOperationException(problem);
        var range = VersionRange.Parse(Range, PreReleases) ?? throw new InvalidOperationException("The range is none.");
        return tag => !IsTag(tag) ? (TagReason.NotATag, null)
            : pattern.Read(tag) is not { } value ? (TagReason.Pattern, null)
            : Order switch
            {
                TagOrder.Version => ReadVersion(value, range),
                TagOrder.Number => value.Length is > 0 and <= LongestNumber && value.All(char.IsAsciiDigit)
                    ? (TagReason.None, new TagKey(null, SemanticVersion.Number(value), "")) : (TagReason.NotANumber, null),
                TagOrder.Date => ReadDate(value) is { } date ? (TagReason.None, new TagKey(null, 0, date)) : (TagReason.NotADate, null),
                _ => (TagReason.None, new TagKey(null, 0, value)),
            };
    }

    // distribution-spec, "Pulling manifests".
    private static bool IsTag(string tag) => tag.Length is > 0 and <= 128 && tag[0] is not ('.' or '-')
        && tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');

    private (TagReason Reason, TagKey? Key) ReadVersion(string value, VersionRange range) =>
        SemanticVersion.Parse(value) is not { } version ? (TagReason.NotAVersion, null)
        : range.Contains(version) ? (TagReason.None, new TagKey(version, 0, ""))
        : (version.IsPreRelease && !PreReleases ? TagReason.PreRelease : TagReason.OutsideRange, null);

    // 20261122, 2026-11-22, 2026.11.22T07-30-00Z and the like, as fourteen digits.
    private static string? ReadDate(string value)
    {
        var match = Dates().Match(value);
        if (!match.Success)
        {
            return null;
        }

        var digits = string.Concat(match.Groups.Values.Skip(1).Select(group => group.Value)).PadRight(14, '0');
        return DateTime.TryParseExact(digits, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? digits : null;
    }

    [GeneratedRegex(
        @"^([0-9]{4})[-._]?([0-9]{2})[-._]?([0-9]{2})(?:[-._T]?([0-9]{2})[-._]?([0-9]{2})(?:[-._]?([0-9]{2}))?Z?)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Dates();
}
