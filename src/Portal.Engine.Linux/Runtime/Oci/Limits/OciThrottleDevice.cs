namespace Portal.Engine.Linux.Runtime.Oci.Limits;

/// <summary>A limit on one device, in bytes or operations a second.</summary>
internal sealed record OciThrottleDevice(long Major, long Minor, long Rate);
