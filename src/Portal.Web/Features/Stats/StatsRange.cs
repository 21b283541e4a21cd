namespace Portal.Web.Features.Stats;

/// <summary>How far back a chart goes.</summary>
/// <param name="Name">As addresses name it.</param>
/// <param name="Title">As the page names it, in English.</param>
/// <param name="Length">How much time it shows.</param>
/// <param name="Step">Time between its points.</param>
/// <param name="Refresh">How often it is read again.</param>
public sealed record StatsRange(string Name, string Title, TimeSpan Length, TimeSpan Step, TimeSpan Refresh)
{
    public static StatsRange Live { get; } = Make("live", N("Live"), 15 * 60, 10, 5);

    public static StatsRange Hour { get; } = Make("1h", N("1 hour"), 3600, 10, 10);

    /// <summary>From the shortest to the longest.</summary>
    public static IReadOnlyList<StatsRange> All { get; } =
    [
        Live, Hour, Make("24h", N("24 hours"), 86400, 120, 60), Make("7d", N("7 days"), 7 * 86400, 600, 300),
        Make("90d", N("90 days"), 90 * 86400, 7200, 600),
    ];

    /// <summary>The range of that name; the first when there is none.</summary>
    public static StatsRange Find(string? name) => All.FirstOrDefault(range => range.Name == name) ?? Live;

    private static StatsRange Make(string name, string title, int length, int step, int refresh) =>
        new(name, title, TimeSpan.FromSeconds(length), TimeSpan.FromSeconds(step), TimeSpan.FromSeconds(refresh));
}
