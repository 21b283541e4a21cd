namespace Portal.Engine.Linux.Cgroups;

/// <summary>One mounted tree of cgroups.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">Its controllers as cgroups(7) names them, or <c>name=systemd</c>; empty for a version 2
/// tree.</param>
/// <param name="Unified">True for a version 2 tree, also one beside version 1 (the hybrid form).</param>
internal sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers, bool Unified);
