namespace Portal.Engine.Containers.Health;

/// <summary>How a container's health stands.</summary>
public sealed record HealthState
{
    /// <summary>The verdict.</summary>
    public HealthStatus Status { get; init; }

    /// <summary>Failures in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>The last five probes, oldest first.</summary>
    public IReadOnlyList<HealthResult> Log { get; init; } = [];
}
