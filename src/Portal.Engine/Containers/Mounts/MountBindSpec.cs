namespace Portal.Engine.Containers.Mounts;

/// <summary>Options of a bind mount.</summary>
/// <param name="Propagation"><c>private</c>, <c>shared</c>, <c>slave</c> or these with an <c>r</c> before; empty for
/// <c>rprivate</c>.</param>
/// <param name="NonRecursive">Leave out what is mounted below the source.</param>
/// <param name="CreateMountpoint">Make the source when it is missing.</param>
/// <param name="ReadOnlyNonRecursive">Leave what is mounted below the source writable.</param>
/// <param name="ReadOnlyForceRecursive">Refuse when what is mounted below the source can't be made read-only.</param>
public sealed record MountBindSpec(
    string Propagation,
    bool NonRecursive,
    bool CreateMountpoint,
    bool ReadOnlyNonRecursive,
    bool ReadOnlyForceRecursive);
