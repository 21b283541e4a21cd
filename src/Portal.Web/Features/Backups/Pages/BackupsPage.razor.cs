using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Jobs.Pages;

namespace Portal.Web.Features.Backups.Pages;

/// <summary>Where the portal is backed up to, and what was made.</summary>
public sealed partial class BackupsPage
{
    private IReadOnlyList<DestinationLine>? _lines;
    private IReadOnlyList<PortalBackup> _backups = [];
    private Dictionary<Guid, string> _names = [];

    [Inject]
    internal BackupDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.BackupsManage;

    protected override async Task<bool> ReadAsync()
    {
        try
        {
            _lines = await Directory.ListAsync(User, Closed);
            _backups = await Directory.BackupsAsync(User, null, Closed);
        }
        catch (AccessDeniedException)
        {
            // Taken away while the page was open.
            (_lines, _backups) = ([], []);
        }

        _names = _lines.ToDictionary(line => line.Id, line => line.Name);
        return true;
    }

    private Task BackUpAsync(DestinationLine line) => TryAsync(async () =>
    {
        await Directory.BackUpAsync(User, line.Id, CancellationToken.None);
        await ReadAsync();
    });

    private Task TestAsync(DestinationLine line) => TryAsync(async () =>
    {
        await Directory.TestAsync(User, line.Id, Closed);
        Dialogs.Done(T("'{0}' takes backups and gives them back.", line.Name));
    });

    private async Task EditAsync(DestinationLine? line)
    {
        await Dialogs.OpenAsync<DestinationDialog>(
            line is null ? T("New destination") : T("Change the destination"), new() { [nameof(DestinationDialog.Line)] = line }, "640px");
        await ReadAsync();
    }

    private async Task ScheduleAsync(DestinationLine line)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(JobDialog.Line)] = null, [nameof(JobDialog.Preset)] = nameof(JobKind.PortalBackup),
            [nameof(JobDialog.Destination)] = line.Id,
        };
        if (await Dialogs.OpenAsync<JobDialog>(T("Back up by a clock"), parameters, "640px") is Guid id)
        {
            Navigation.NavigateTo($"jobs/{id}");
        }
    }

    private async Task RemoveAsync(DestinationLine line)
    {
        var confirmation = new Confirmation(
            T("Remove '{0}'?", line.Name), T("Remove"), T("Nothing is backed up to {0} any more. The backups stay there.", line.Place),
            [T("The list of what was made"), T("The passphrase and the keys that are kept for it")]);
        if (await Dialogs.ConfirmAsync(confirmation))
        {
            await TryAsync(() => Directory.RemoveAsync(User, line.Id, CancellationToken.None));
            await ReadAsync();
        }
    }

    private Task CheckAsync(PortalBackup backup) => TryAsync(async () =>
    {
        await Directory.CheckAsync(User, backup.Id, CancellationToken.None);
        await ReadAsync();
    });

    private async Task RemoveBackupAsync(PortalBackup backup)
    {
        var isWhole = backup.State == BackupState.Succeeded;
        var confirmation = new Confirmation(
            isWhole ? T("Remove the backup {0}?", backup.Name) : T("Remove it from the list?"), T("Remove"),
            isWhole ? T("It is removed from its destination too.") : T("It left nothing behind."),
            isWhole ? [T("What the portal was then")] : []);
        if (await Dialogs.ConfirmAsync(confirmation))
        {
            await TryAsync(() => Directory.RemoveBackupAsync(User, backup.Id, CancellationToken.None));
            await ReadAsync();
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is BackupException or AccessDeniedException)
        {
            Dialogs.Failed(T("This can't be done"), failure.Message);
        }
    }
}
