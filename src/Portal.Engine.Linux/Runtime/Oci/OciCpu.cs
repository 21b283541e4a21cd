namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources.cpu</c>; quota and period in microseconds.</summary>
internal sealed record OciCpu(ulong? Shares, long? Quota, ulong? Period, string? Cpus);
