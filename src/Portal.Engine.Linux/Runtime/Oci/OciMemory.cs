namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources.memory</c>, in bytes.</summary>
internal sealed record OciMemory(long? Limit, long? Swap, long? Reservation);
