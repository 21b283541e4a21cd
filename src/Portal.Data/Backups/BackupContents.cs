namespace Portal.Data.Backups;

/// <summary>What a backup held that came back as it should.</summary>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Tables">How many tables.</param>
/// <param name="Rows">How many rows in all of them.</param>
/// <param name="Files">The portal's files by name (<see cref="BackupFile"/>).</param>
public sealed record BackupContents(DateTimeOffset CreatedAt, int Tables, long Rows, IReadOnlyDictionary<string, byte[]> Files);
