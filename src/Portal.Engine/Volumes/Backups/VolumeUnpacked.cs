namespace Portal.Engine.Volumes.Backups;

/// <summary>An archive that was unpacked and found whole.</summary>
/// <param name="Header">The content of its <c>volume.json</c>: not checked.</param>
/// <param name="Entries">Files, folders and others.</param>
/// <param name="Bytes">Of files.</param>
/// <param name="Digest">Of all of the archive: <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record VolumeUnpacked(byte[] Header, long Entries, long Bytes, string Digest);
