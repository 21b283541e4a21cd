namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources.pids</c>.</summary>
internal sealed record OciPids(long Limit);
