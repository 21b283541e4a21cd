namespace Portal.Engine.Volumes.Backups;

/// <summary>What becomes of the containers that run with a volume while it is read or replaced.</summary>
public enum VolumeUserHandling
{
    /// <summary>They are left alone. What they write meanwhile may be in a backup by half; a restore is refused when there are any.</summary>
    Leave = 0,

    /// <summary>They are paused; not for a restore, because they would go on with the files that were replaced.</summary>
    Pause,

    /// <summary>They are stopped, and started again.</summary>
    Stop,
}
