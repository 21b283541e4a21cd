namespace Portal.Engine.Containers.Mounts;

/// <summary>Words of <see cref="ContainerMount.Flags"/>.</summary>
internal static class MountFlags
{
    /// <summary>Leave out what is mounted below the source.</summary>
    public const string NonRecursive = "nonrecursive";

    /// <summary>Leave what is mounted below the source writable.</summary>
    public const string ReadOnlyNonRecursive = "ro-nonrecursive";

    /// <summary>Refuse when what is mounted below the source can't be made read-only.</summary>
    public const string ReadOnlyForceRecursive = "ro-forcerecursive";

    /// <summary>Refuse when the source is missing; without this word it is made.</summary>
    public const string MustExist = "must-exist";

    /// <summary>
    /// No propagation was given, and its source is in the engine's folder or holds it: mounted so that what the host unmounts there goes in
    /// the container too, or it would keep the roots of others busy.
    /// </summary>
    public const string HoldsEngine = "holds-engine";

    public static bool Has(ContainerMount mount, string flag) => mount.Flags.Split(',').Contains(flag);
}
