namespace Portal.Web.Features.Backups;

/// <summary>How a backup stands, and its check. Names are kept in the database: never rename one.</summary>
internal static class BackupState
{
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    /// <summary>Of a check: all came back.</summary>
    public const string Passed = "Passed";
}
