namespace Portal.Web.Backups.Stores;

/// <summary>What was written.</summary>
/// <param name="Bytes">How much.</param>
/// <param name="Digest">SHA-256 of it, in small hexadecimal digits.</param>
internal sealed record StoredBackup(long Bytes, string Digest);
