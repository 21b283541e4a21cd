namespace Portal.Engine.Linux.Runtime.Oci.Limits;

/// <summary>An entry of <c>process.rlimits</c>; the largest number stands for no limit.</summary>
internal sealed record OciRlimit(string Type, ulong Hard, ulong Soft);
