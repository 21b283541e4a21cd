using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Data.Backups;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;

namespace Portal.Web.Features.Backups.Pages;

/// <summary>Makes a destination, or changes one.</summary>
public sealed partial class DestinationDialog
{
    private string _name = "";
    private string _kind = DestinationKind.S3;
    private string _folder = "";
    private string _endpoint = "";
    private string _region = "us-east-1";
    private string _bucket = "";
    private string _prefix = "portal/";
    private string _accessKey = "";
    private string _secretKey = "";
    private bool _bucketInHost;
    private string _passphrase = "";
    private int _keepCount = 14;
    private int _keepDays;
    private string? _error;
    private bool _saving;

    /// <summary>The destination to change; null for a new one.</summary>
    [Parameter, EditorRequired]
    public object? Line { get; set; }

    [Inject]
    internal BackupDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private bool HasSecret => Line is DestinationLine { Destination.SecretKey.Length: > 0 };

    private string PassphraseHint => Line is null
        ? T("12 characters at least. Without it no backup can be restored: keep it where neither the portal nor its backups are.")
        : T("Empty leaves the one that is kept. Earlier backups stay encrypted with the earlier one.");

    protected override void OnInitialized()
    {
        if (Line is not DestinationLine line)
        {
            return;
        }

        var settings = line.Settings;
        (_name, _kind, _folder) = (line.Name, line.Destination.Kind, settings.Folder);
        (_keepCount, _keepDays) = (line.Destination.KeepCount, line.Destination.KeepDays);
        if (_kind == DestinationKind.S3)
        {
            (_endpoint, _region, _bucket, _prefix) = (settings.Endpoint, settings.Region, settings.Bucket, settings.Prefix);
            (_accessKey, _bucketInHost) = (settings.AccessKey, settings.BucketInHost);
        }
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var settings = _kind == DestinationKind.Folder
                ? new DestinationSettings { Folder = _folder.Trim().TrimEnd('/') }
                : new DestinationSettings
                {
                    Endpoint = _endpoint.Trim().TrimEnd('/'), Region = _region.Trim(), Bucket = _bucket.Trim(), Prefix = _prefix.Trim(),
                    AccessKey = _accessKey.Trim(), BucketInHost = _bucketInHost,
                };
            var draft = new DestinationDraft(_name, _kind, settings, _secretKey.Trim(), _passphrase, _keepCount, _keepDays);
            var user = (await Authentication).User;
            Dialogs.Close(await Directory.SaveAsync(user, (Line as DestinationLine)?.Id, draft, CancellationToken.None));
        }
        catch (Exception failure) when (failure is AccessDeniedException or BackupException)
        {
            _error = failure.Message;
        }
        finally
        {
            _saving = false;
        }
    }
}
