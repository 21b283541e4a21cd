namespace Portal.Contracts.Link;

/// <summary>What a host says of itself when it asks to become a node: shown to whoever accepts it, believed by nobody.</summary>
public sealed record HostSummary
{
    /// <summary>Such as <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Kernel release.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>In Go's words: <c>amd64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Processors.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }
}
