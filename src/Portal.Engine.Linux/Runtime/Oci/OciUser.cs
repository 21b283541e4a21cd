namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>process.user</c>.</summary>
internal sealed record OciUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids);
