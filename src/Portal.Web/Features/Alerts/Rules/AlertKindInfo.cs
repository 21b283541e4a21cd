namespace Portal.Web.Features.Alerts.Rules;

/// <summary>What people need to know of a kind of rule.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Title">As lists name it.</param>
/// <param name="Unit">Of its threshold; null for those without one.</param>
/// <param name="Threshold">What to begin with.</param>
/// <param name="ForSeconds">How long it must last, to begin with.</param>
public sealed record AlertKindInfo(AlertKind Kind, string Title, string? Unit, double Threshold, int ForSeconds)
{
    public static IReadOnlyList<AlertKindInfo> All { get; } =
    [
        new(AlertKind.NodeOffline, N("A node is offline"), null, 0, 60),
        new(AlertKind.NodeCpu, N("A node's processors are busy"), N("% of all"), 90, 300),
        new(AlertKind.NodeMemory, N("A node's memory is used up"), N("% of all"), 90, 300),
        new(AlertKind.NodeDisk, N("A node's disk fills up"), N("% of the engine's file system"), 85, 60),
        new(AlertKind.ContainerCpu, N("A container keeps processors busy"), N("% of one processor"), 90, 300),
        new(AlertKind.ContainerMemory, N("A container uses up its memory"), N("% of its limit"), 90, 120),
        new(AlertKind.ContainerUnhealthy, N("A container is unhealthy"), null, 0, 30),
        new(AlertKind.ContainerRestarting, N("A container restarts over and over"), null, 0, 60),
        new(AlertKind.ContainerExited, N("A container ended with an error"), null, 0, 0),
        new(AlertKind.ContainerLog, N("A container's log has lines of a pattern"), N("lines within the time"), 1, 0),
        new(AlertKind.StackSource, N("A stack's Git source is not fetched"), null, 0, 300),
        new(AlertKind.ScheduledJob, N("A scheduled job fails or is late"), null, 0, 0),
        new(AlertKind.Certificate, N("The portal's certificate expires"), N("days left"), 21, 0),
    ];

    /// <summary>Whether it is about containers; else about nodes, stacks or the portal.</summary>
    public bool IsOfContainers => Kind.ToString().StartsWith("Container", StringComparison.Ordinal);

    public static AlertKindInfo Of(AlertKind kind) => All.First(info => info.Kind == kind);
}
