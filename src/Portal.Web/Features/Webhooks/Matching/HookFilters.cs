using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Web.Features.Webhooks.Payloads;

namespace Portal.Web.Features.Webhooks.Matching;

/// <summary>What must be so that a delivery does something. Lists of patterns: see <see cref="Patterns"/>; an empty one lets in all.</summary>
public sealed record HookFilters
{
    private const int MostConditions = 16;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Pushes to branches count.</summary>
    public bool Pushes { get; init; } = true;

    /// <summary>New and moved tags count.</summary>
    public bool Tags { get; init; }

    /// <summary>Published releases count.</summary>
    public bool Releases { get; init; }

    /// <summary>Branches whose pushes count.</summary>
    public IReadOnlyList<string> Branches { get; init; } = [];

    /// <summary>Names of tags, of Git, of releases or of images, that count.</summary>
    public IReadOnlyList<string> TagNames { get; init; } = [];

    /// <summary>Files of which a push must change one.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>All of them must be so.</summary>
    public IReadOnlyList<JsonCondition> Conditions { get; init; } = [];

    public static HookFilters Parse(string json) =>
        JsonSerializer.Deserialize<HookFilters>(json, s_options) ?? throw new JsonException("Filters are null.");

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>All that is wrong with them, for the user.</summary>
    public IEnumerable<string> Problems(HookProviderInfo provider)
    {
        var problems = Patterns.Problems(N("Branches"), Branches)
            .Concat(Patterns.Problems(N("Tags"), TagNames))
            .Concat(Patterns.Problems(N("Files"), Paths))
            .ToList();
        if (provider.Kind == HookProviderKind.Git && !Pushes && !Tags && !Releases)
        {
            problems.Add(N("Choose what counts: pushes, tags or releases."));
        }

        if (Releases && !provider.TellsReleases)
        {
            problems.Add(E("{0:said} does not tell of releases.", provider.Title));
        }

        if (Paths.Count > 0 && !provider.TellsPaths)
        {
            problems.Add(E("{0:said} does not say which files changed.", provider.Title));
        }

        if (Conditions.Count > MostConditions)
        {
            problems.Add(E("At most {0} conditions.", MostConditions));
        }

        problems.AddRange(Conditions.Where(condition => !JsonPath.IsRight(condition.Path)).Take(3).Select(condition =>
            E("'{0}' leads nowhere. A path is like $.build.tags[0] or $['a name'].status, with at most eight steps.", condition.Path)));
        problems.AddRange(Patterns.Problems(N("Conditions"), [.. Conditions.Select(condition => condition.Pattern)]).Take(1));
        return problems;
    }

    /// <summary>Why the delivery does nothing, in English, as it is kept; null when it does something.</summary>
    internal string? WhyNot(HookMessage message)
    {
        var unlike = Conditions.FirstOrDefault(condition => JsonPath.Find(message.Root, condition.Path) is not { } value
            || !Patterns.Allow([condition.Pattern], value));
        if (unlike is not null)
        {
            return E("${0} is not {1}.", unlike.Path[1..], unlike.Pattern);
        }

        var reasons = message.Events.Select(WhyNot).ToList();
        return reasons.Count == 0 ? message.Nothing : reasons.Any(reason => reason is null) ? null : reasons[0];
    }

    /// <summary>Why one of the things that happened does not count; null when it does.</summary>
    internal string? WhyNot(HookEvent happened) => happened.Kind switch
    {
        HookEventKind.Push when !Pushes => N("Pushes to branches don't count here."),
        HookEventKind.Tag when !Tags => N("Tags don't count here."),
        HookEventKind.Release when !Releases => N("Releases don't count here."),
        HookEventKind.Push when !Patterns.Allow(Branches, happened.Name) => E("The branch '{0}' is not one of those that count.", happened.Name),
        HookEventKind.Push when !AllowPaths(happened.Paths) => N("None of the files that count was changed."),
        HookEventKind.Tag or HookEventKind.Release or HookEventKind.Image when !Patterns.Allow(TagNames, happened.Name) =>
            E("The tag '{0}' is not one of those that count.", happened.Name),
        _ => null,
    };

    // A push that does not name all of its files may have changed any.
    private bool AllowPaths(IReadOnlyList<string>? paths) =>
        Paths.Count == 0 || paths is null || paths.Any(path => Patterns.Allow(Paths, path));
}
