namespace Portal.Engine.Linux.Runtime.Users;

/// <summary>Who a process runs as.</summary>
internal sealed record ContainerUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids, string Home);
