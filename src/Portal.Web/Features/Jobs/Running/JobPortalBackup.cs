using Portal.Data.Backups;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Backups;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Backs the portal up to one of its destinations, and restores it on trial when that is asked for.</summary>
internal sealed class JobPortalBackup(BackupDirectory backups)
{
    public async Task<JobOutcome> RunAsync(JobTask task, CancellationToken cancellationToken)
    {
        try
        {
            var row = await backups.BackUpAsync(
                task.Person, task.Settings.DestinationId ?? Guid.Empty, task.Settings.Check, task.Log.WriteLine, cancellationToken);
            return row.State != BackupState.Succeeded ? JobOutcome.Failed(row.Message)
                : row.CheckState == BackupState.Failed ? JobOutcome.Failed(E("{0:name} was made, and is no good: {1:said}", row.Name, row.CheckMessage))
                : JobOutcome.Succeeded($"{row.Name}, {Units.Bytes(row.Bytes)}. {row.CheckMessage}".TrimEnd());
        }
        catch (BackupException failure)
        {
            return JobOutcome.Failed(failure.Message);
        }
    }
}
