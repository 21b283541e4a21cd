using Portal.Data.Entities.Backups;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Backups.Pages;

/// <summary>Backups in the reader's words.</summary>
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
        BackupState.Succeeded => T("made"),
        BackupState.Failed => T("failed"),
        _ => T("being made"),
    };

    public static StatusTone CheckToneOf(PortalBackup backup) => backup.CheckState switch
    {
        BackupState.Passed => StatusTone.Good,
        BackupState.Failed => StatusTone.Bad,
        _ => StatusTone.Busy,
    };

    public static string CheckOf(PortalBackup backup) => backup.CheckState switch
    {
        BackupState.Passed => T("came back"),
        BackupState.Failed => T("failed"),
        _ => T("being restored on trial"),
    };

    /// <summary>How many a destination keeps, and for how long.</summary>
    public static string KeepingOf(BackupDestination destination) => (destination.KeepCount, destination.KeepDays) switch
    {
        (0, 0) => T("all"),
        (0, var days) => Plural(days, "{0} day", "{0} days"),
        (var count, 0) => T("the newest {0}", count),
        var (count, days) => T("the newest {0}, {1} days at most", count, days),
    };
}
