namespace Portal.Data.Backups;

/// <summary>A backup can't be made or restored; the message says why, for people.</summary>
public sealed class BackupException : Exception
{
    public BackupException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
