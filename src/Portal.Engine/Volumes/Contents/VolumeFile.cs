namespace Portal.Engine.Volumes.Contents;

/// <summary>One thing in a volume, as statx(2) tells it; a link itself in place of what it leads to.</summary>
public sealed record VolumeFile
{
    /// <summary>The last name of its path as <see cref="VolumePath"/> writes it; empty for the volume's root.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required VolumeFileKind Kind { get; init; }

    /// <summary>Bytes of a regular file; 0 for others.</summary>
    public long Size { get; init; }

    /// <summary>Type and permission bits as in st_mode (inode(7)).</summary>
    public required int Mode { get; init; }

    /// <summary>Time of the last change of its content.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Number of its owner on the host.</summary>
    public uint UserId { get; init; }

    /// <summary>Number of its group on the host.</summary>
    public uint GroupId { get; init; }

    /// <summary>The text of a link; else empty.</summary>
    public string LinkTarget { get; init; } = "";
}
