namespace Portal.Data.Backups;

/// <summary>A file of the portal's that belongs to its database, such as the key that encrypts the secrets there.</summary>
/// <param name="Name">Its name in the backup.</param>
/// <param name="Path">Where the portal has it. One that is not there is left out.</param>
public sealed record BackupFile(string Name, string Path);
