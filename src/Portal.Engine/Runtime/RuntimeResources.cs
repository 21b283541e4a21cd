namespace Portal.Engine.Runtime;

/// <summary>Limits on a container; null or 0 where there is none.</summary>
public sealed record RuntimeResources
{
    /// <summary>Memory in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap; 0 for twice the memory.</summary>
    public long MemorySwap { get; init; }

    /// <summary>Soft limit of memory in bytes.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>Processors in billionths: 1.5 processors are 1,500,000,000.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Relative weight, 2 to 262144; 0 for the default of 1024.</summary>
    public long CpuShares { get; init; }

    /// <summary>Processors that may be used, such as <c>0-2,4</c>; empty for all.</summary>
    public string CpusetCpus { get; init; } = "";

    /// <summary>Number of processes and threads; 0 or -1 for no limit.</summary>
    public long PidsLimit { get; init; }
}
