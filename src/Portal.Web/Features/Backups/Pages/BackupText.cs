using Portal.Data.Entities.Backups;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Backups.Pages;

/// <summary>Backups in words.</summary>
internal static class BackupText
{
    public static StatusTone ToneOf(PortalBackup backup) => backup.State switch
    {
        BackupState.Succeeded => StatusTone.Good,
        BackupState.Failed => StatusTone.Bad,
        _ => StatusTone.Busy,
    };

    public static string StateOf(PortalBackup backup) => backup.State switch
    {
        BackupState.Succeeded => "made",
        BackupState.Failed => "failed",
        _ => "being made",
    };

    public static StatusTone CheckToneOf(PortalBackup backup) => backup.CheckState switch
    {
        BackupState.Passed => StatusTone.Good,
        BackupState.Failed => StatusTone.Bad,
        _ => StatusTone.Busy,
    };

    public static string CheckOf(PortalBackup backup) => backup.CheckState switch
    {
        BackupState.Passed => "came back",
        BackupState.Failed => "failed",
        _ => "restored on trial",
    };

    /// <summary>How many a destination keeps, and for how long.</summary>
    public static string KeepingOf(BackupDestination destination) => (destination.KeepCount, destination.KeepDays) switch
    {
        (0, 0) => "all",
        (0, var days) => $"{days} days",
        (var count, 0) => $"the newest {count}",
        var (count, days) => $"the newest {count}, {days} days at most",
    };
}
