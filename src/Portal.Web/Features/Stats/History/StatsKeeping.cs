namespace Portal.Web.Features.Stats.History;

/// <summary>How long points of each step are kept.</summary>
/// <param name="Fine">Points of 10 seconds.</param>
/// <param name="Middle">Points of a minute.</param>
/// <param name="Coarse">Points of 10 minutes.</param>
internal sealed record StatsKeeping(TimeSpan Fine, TimeSpan Middle, TimeSpan Coarse)
{
    public static StatsKeeping Default { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(90));

    public TimeSpan Of(StatsResolution resolution) =>
        resolution == StatsResolution.Fine ? Fine : resolution == StatsResolution.Middle ? Middle : Coarse;

    /// <summary>Reads <c>PORTAL_STATS_KEEP</c>, such as <c>1d,7d,90d</c>; null when it says nothing that can be used.</summary>
    public static StatsKeeping? Parse(string text)
    {
        var spans = text.Split(',', StringSplitOptions.TrimEntries).Select(ParseSpan).ToArray();
        return spans is [{ } fine, { } middle, { } coarse] && fine >= TimeSpan.FromHours(1) && fine <= middle && middle <= coarse
            ? new StatsKeeping(fine, middle, coarse)
            : null;
    }

    private static TimeSpan? ParseSpan(string text) =>
        text.Length > 1 && int.TryParse(text[..^1], out var number) && number is > 0 and <= 10_000
            ? text[^1] switch
            {
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;
}
