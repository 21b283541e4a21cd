namespace Portal.Engine.Volumes.Contents;

/// <summary>How a file is written into a volume.</summary>
public sealed record VolumeWrite
{
    /// <summary>Let a regular file be there, which is replaced; its owner and mode stay.</summary>
    public bool Replace { get; init; }

    /// <summary>Permission bits of a new file, 0 to 0777; its owner is its folder's.</summary>
    public int Mode { get; init; } = 0x1A4; // 0644

    /// <summary>How many bytes will come; null when not known.</summary>
    public long? Size { get; init; }
}
