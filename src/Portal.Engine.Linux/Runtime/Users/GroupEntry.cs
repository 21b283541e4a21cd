namespace Portal.Engine.Linux.Runtime.Users;

/// <summary>A line of group(5).</summary>
internal sealed record GroupEntry(string Name, uint Gid, IReadOnlyList<string> Members);
