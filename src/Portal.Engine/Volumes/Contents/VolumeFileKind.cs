namespace Portal.Engine.Volumes.Contents;

/// <summary>What something in a volume is.</summary>
public enum VolumeFileKind
{
    /// <summary>A regular file.</summary>
    File = 0,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A device, FIFO or socket: never opened.</summary>
    Special,
}
