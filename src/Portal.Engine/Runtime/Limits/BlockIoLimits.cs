namespace Portal.Engine.Runtime.Limits;

/// <summary>Limits of block I/O (cgroup version 1: <c>blkio</c>, version 2: <c>io</c>).</summary>
public sealed record BlockIoLimits
{
    /// <summary>Relative weight, 10 to 1000; 0 for the default.</summary>
    public int Weight { get; init; }

    /// <summary>Weights of single devices.</summary>
    public IReadOnlyList<DeviceWeight> DeviceWeights { get; init; } = [];

    /// <summary>Bytes read in a second.</summary>
    public IReadOnlyList<DeviceRate> ReadBps { get; init; } = [];

    /// <summary>Bytes written in a second.</summary>
    public IReadOnlyList<DeviceRate> WriteBps { get; init; } = [];

    /// <summary>Reads in a second.</summary>
    public IReadOnlyList<DeviceRate> ReadIops { get; init; } = [];

    /// <summary>Writes in a second.</summary>
    public IReadOnlyList<DeviceRate> WriteIops { get; init; } = [];
}
