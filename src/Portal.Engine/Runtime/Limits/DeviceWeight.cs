namespace Portal.Engine.Runtime.Limits;

/// <summary>A relative weight of block I/O on one device.</summary>
/// <param name="Path">The device's node on the host.</param>
/// <param name="Weight">10 to 1000; 0 for the general weight.</param>
public sealed record DeviceWeight(string Path, int Weight);
