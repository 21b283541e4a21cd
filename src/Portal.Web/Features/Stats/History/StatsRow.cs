namespace Portal.Web.Features.Stats.History;

/// <summary>What was measured of one subject in one step. Null is "not measured here".</summary>
/// <param name="NodeId">The node.</param>
/// <param name="ContainerId">The container's full id; empty for the node itself.</param>
/// <param name="At">The beginning of the step.</param>
/// <param name="Values">In the order of <see cref="Columns"/>.</param>
internal sealed record StatsRow(Guid NodeId, string ContainerId, DateTimeOffset At, float?[] Values)
{
    /// <summary>The columns of the tables of points, beside subject and time.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "cpu", "cpu_peak", "cpu_limit", "memory", "memory_peak", "memory_limit", "receive_rate", "transmit_rate", "read_rate", "write_rate",
        "disk", "disk_limit", "load1",
    ];
}
