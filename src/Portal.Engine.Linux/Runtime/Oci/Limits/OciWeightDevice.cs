namespace Portal.Engine.Linux.Runtime.Oci.Limits;

/// <summary>A weight of one device.</summary>
internal sealed record OciWeightDevice(long Major, long Minor, int Weight);
