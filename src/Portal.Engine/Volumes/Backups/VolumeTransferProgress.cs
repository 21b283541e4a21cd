namespace Portal.Engine.Volumes.Backups;

/// <summary>How far a backup or restore is. Told ten times a second at most, and with each new phase.</summary>
/// <param name="Phase">What goes on.</param>
/// <param name="Entries">Files, folders and others so far.</param>
/// <param name="Bytes">Of files so far.</param>
/// <param name="TotalBytes">How many there will be about; null when not known.</param>
/// <param name="Held">Names of containers that are paused or stopped for it.</param>
public sealed record VolumeTransferProgress(
    VolumeTransferPhase Phase, long Entries, long Bytes, long? TotalBytes, IReadOnlyList<string> Held);
