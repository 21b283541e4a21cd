namespace Portal.Engine.Containers.Mounts;

/// <summary>Options of a tmpfs mount (tmpfs(5)).</summary>
/// <param name="SizeBytes">Its size; 0 for the kernel's default.</param>
/// <param name="Mode">Permission bits of its root; 0 for 1777.</param>
/// <param name="Options">Further options, each with its value or alone.</param>
public sealed record MountTmpfsSpec(long SizeBytes, int Mode, IReadOnlyList<string> Options);
