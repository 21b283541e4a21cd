namespace Portal.Web;

internal sealed partial class PortalDatabase
{
    [LoggerMessage(2101, LogLevel.Information, "Waiting for PostgreSQL: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(2102, LogLevel.Information, "The database is ready; migrations applied now: {Count}")]
    private partial void LogMigrated(int count);

    [LoggerMessage(2103, LogLevel.Information, "Data-protection keys that were in the clear and are encrypted now: {Count}")]
    private partial void LogKeysEncrypted(int count);
}
