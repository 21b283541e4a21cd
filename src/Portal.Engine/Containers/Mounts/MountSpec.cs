namespace Portal.Engine.Containers.Mounts;

/// <summary>A mount as <c>--mount</c> describes it (Docker's <c>Mount</c>).</summary>
public sealed record MountSpec
{
    /// <summary><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Path on the host, name of the volume (empty for an anonymous one), nothing for a tmpfs.</summary>
    public string Source { get; init; } = "";

    /// <summary>Absolute path in the container.</summary>
    public required string Target { get; init; }

    /// <summary>Mount it read-only, with all mounts below it where the kernel can.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Kept for <c>inspect</c>; on Linux it means nothing.</summary>
    public string Consistency { get; init; } = "";

    /// <summary>Options of a bind; null for none.</summary>
    public MountBindSpec? Bind { get; init; }

    /// <summary>Options of a volume; null for none.</summary>
    public MountVolumeSpec? Volume { get; init; }

    /// <summary>Options of a tmpfs; null for none.</summary>
    public MountTmpfsSpec? Tmpfs { get; init; }
}
