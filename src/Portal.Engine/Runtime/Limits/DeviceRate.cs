namespace Portal.Engine.Runtime.Limits;

/// <summary>A limit of block I/O on one device.</summary>
/// <param name="Path">The device's node on the host.</param>
/// <param name="Rate">Bytes or operations a second; 0 for none.</param>
public sealed record DeviceRate(string Path, long Rate);
