namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>linux.uidMappings</c> and <c>linux.gidMappings</c>.</summary>
internal sealed record OciIdMapping(uint ContainerID, uint HostID, uint Size);
