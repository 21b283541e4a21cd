namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>linux.devices</c>: a node to make.</summary>
internal sealed record OciDevice(string Path, string Type, long Major, long Minor, uint FileMode, uint Uid, uint Gid);
