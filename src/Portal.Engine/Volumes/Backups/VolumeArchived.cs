namespace Portal.Engine.Volumes.Backups;

/// <summary>An archive that was written.</summary>
/// <param name="Entries">Files, folders and others.</param>
/// <param name="Bytes">Of files.</param>
/// <param name="ArchiveBytes">Of the archive.</param>
/// <param name="Digest">Of all of the archive: <c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="LeftOut">Paths of devices and sockets, which archives of volumes don't hold: at most 20.</param>
/// <param name="LeftOutCount">How many of these there are in all.</param>
public sealed record VolumeArchived(
    long Entries, long Bytes, long ArchiveBytes, string Digest, IReadOnlyList<string> LeftOut, long LeftOutCount);
