namespace Portal.Engine.Linux.Runtime.Users;

/// <summary>A line of passwd(5).</summary>
internal sealed record PasswdEntry(string Name, uint Uid, uint Gid, string Home);
