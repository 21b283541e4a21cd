namespace Portal.Engine.Volumes.Backups;

/// <summary>Parts of a backup or restore. A restore copies first, so that containers are held up for the swap alone.</summary>
public enum VolumeTransferPhase
{
    /// <summary>Containers are being paused or stopped.</summary>
    Quiescing = 0,

    /// <summary>Files go into or come out of the archive.</summary>
    Copying,

    /// <summary>The checksum is right; the files take the volume's place.</summary>
    Swapping,

    /// <summary>Containers are being brought back.</summary>
    Resuming,
}
