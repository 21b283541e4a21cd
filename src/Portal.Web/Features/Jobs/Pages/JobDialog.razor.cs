using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Backups;
using Portal.Web.Features.Containers.Create;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Jobs.Schedules;
using Portal.Web.Features.Stacks;
using Portal.Web.Languages;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Jobs.Pages;

/// <summary>Makes a job, or changes one.</summary>
public sealed partial class JobDialog
{
    private const int ShownTimes = 3;
    private const string CommandExample = "pg_dump -Fc -f /backup/app.dump app";
    private static readonly string[] s_zones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Append("UTC").Distinct().Order()];

    private EffectiveAccess _access = EffectiveAccess.None;
    private IReadOnlyList<Stack> _stacks = [];
    private IReadOnlyList<EnvironmentEntry> _environments = [];
    private IReadOnlyList<DestinationLine> _destinations = [];
    private Guid _destinationId;
    private bool _check = true;
    private JobKind _kind;
    private string _name = "";
    private string _place = "";
    private Guid _stackId;
    private bool _containers;
    private bool _images = true;
    private bool _named;
    private bool _cache = true;
    private int _hours = 24;
    private string _volume = "";
    private UserHandling _users;
    private int _keep = 7;
    private string _recipients = "";
    private string _container = "";
    private string _command = "";
    private string _user = "";
    private string _cron = "30 3 * * *";
    private string _zone = "UTC";
    private int _timeout = 60;
    private string? _cronError;
    private string? _error;
    private bool _saving;

    /// <summary>The job to change; null for a new one.</summary>
    [Parameter, EditorRequired]
    public object? Line { get; set; }

    /// <summary>The kind of a new job; null for the first.</summary>
    [Parameter]
    public string? Preset { get; set; }

    /// <summary>Where a new job backs the portal up to; null for the first.</summary>
    [Parameter]
    public Guid? Destination { get; set; }

    [Inject]
    internal BackupDirectory Backups { get; init; } = null!;

    [Inject]
    internal JobDirectory Directory { get; init; } = null!;

    [Inject]
    internal StackDirectory Stacks { get; init; } = null!;

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    // Backups of the portal are for those alone who may make them.
    private IEnumerable<JobKindInfo> Kinds => JobKindInfo.All.Where(info => info.Kind != JobKind.PortalBackup
        || _access.Allows(PermissionNames.BackupsManage, AccessScope.Everything));

    // What the user may do themselves, there they may have it done.
    private List<(string Key, string Text)> Places
    {
        get
        {
            var settings = Chosen(_kind == JobKind.Command ? [] : null);
            string[] needed = [PermissionNames.JobsEdit, .. settings.NeededFor(_kind)];
            var places = Fleet.Current.Nodes.Values.Where(node => _access.AllowsAll(needed, AccessScope.Node(node.Id)))
                .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase).Select(node => ($"node:{node.Id}", node.Name)).ToList();
            if (_kind != JobKind.Prune)
            {
                return places;
            }

            places.InsertRange(0, _environments.Where(entry => _access.AllowsAll(needed, AccessScope.Environment(entry.Id)))
                .Select(entry => ($"environment:{entry.Id}", T("all nodes of the environment {0}", entry.Name))));
            if (_access.AllowsAll(needed, AccessScope.Everything))
            {
                places.Insert(0, ("all", T("all nodes")));
            }

            return places;
        }
    }

    private IEnumerable<string> ContainerNames => PlaceOf("node:") is { } id && Fleet.Current.Nodes.TryGetValue(id, out var node)
        ? node.Containers.Values.Select(container => container.Name).Order(StringComparer.Ordinal) : [];

    private List<string>? Times
    {
        get
        {
            try
            {
                var schedule = CronSchedule.Parse(_cron, _zone);
                var zone = TimeZoneInfo.FindSystemTimeZoneById(_zone);
                var times = new List<string>();
                var next = schedule.Next(Time.GetUtcNow());
                for (; next is { } moment && times.Count < ShownTimes; next = schedule.Next(moment))
                {
                    times.Add(T("{0:ddd yyyy-MM-dd HH:mm}", TimeZoneInfo.ConvertTime(moment, zone)));
                }

                return times;
            }
            catch (JobException wrong)
            {
                _cronError = wrong.Message;
                return null;
            }
        }
    }

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _environments = await Environments.ListAsync(user, CancellationToken.None);
        _stacks = [.. (await Stacks.ListAsync(user, CancellationToken.None))
            .Where(stack => _access.AllowsAll([PermissionNames.JobsEdit, PermissionNames.StacksDeploy], stack.Scope()))
            .OrderBy(stack => stack.Name, StringComparer.Ordinal)];
        _stackId = _stacks.Count > 0 ? _stacks[0].Id : Guid.Empty;
        if (_access.Allows(PermissionNames.BackupsManage, AccessScope.Everything))
        {
            _destinations = await Backups.ListAsync(user, CancellationToken.None);
            _destinationId = Destination ?? (_destinations.Count > 0 ? _destinations[0].Id : Guid.Empty);
        }

        if (Line is JobLine line)
        {
            Show(line);
            OnKind();
            return;
        }

        _zone = TimeZoneChoice.Of(user) ?? _zone;
        if (Enum.TryParse<JobKind>(Preset, out var kind))
        {
            (_kind, _name) = (kind, T("back up to {0}", _destinations.FirstOrDefault(item => item.Id == _destinationId)?.Name));
        }

        OnKind();
    }

    private void Show(JobLine line)
    {
        var settings = line.Settings;
        (_name, _kind) = (line.Name, line.Info?.Kind ?? JobKind.Prune);
        _place = line.Job.NodeId is { } node ? $"node:{node}" : line.Job.EnvironmentId is { } id ? $"environment:{id}" : "all";
        (_stackId, _volume, _users, _keep) = (settings.StackId ?? _stackId, settings.Volume, settings.Users, settings.Keep);
        _recipients = string.Join('\n', settings.Recipients);
        (_containers, _images, _named, _cache) = (settings.Containers, settings.Images, settings.NamedImages, settings.BuildCache);
        (_hours, _container, _user) = (settings.OlderThanHours, settings.Container, settings.User);
        (_destinationId, _check) = (settings.DestinationId ?? _destinationId, settings.Check);
        (_command, _timeout) = (JobText.Join(settings.Command), settings.TimeoutMinutes);
        (_cron, _zone) = (line.Job.Cron, line.Job.TimeZone);
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var hasNoPlace = _kind is JobKind.RestartStack or JobKind.PortalBackup;
            var place = Places.Any(item => item.Key == _place) || hasNoPlace ? _place
                : throw new JobException(N("Choose where it is done."));
            var draft = new JobDraft(
                _name, _kind, Chosen(), hasNoPlace ? null : PlaceOf("environment:"), hasNoPlace || place == "all" ? null : PlaceOf("node:"),
                _cron, _zone);
            var user = (await Authentication).User;
            Dialogs.Close(await Directory.SaveAsync(user, (Line as JobLine)?.Id, draft, CancellationToken.None));
        }
        catch (Exception failure) when (failure is AccessDeniedException or JobException or FormatException)
        {
            _error = failure.Message;
        }
        finally
        {
            _saving = false;
        }
    }

    private static string CommandHint => T(
        "Its words as in a shell, with quotes; none reads it, so name one for pipes: sh -c 'a | b'. "
        + "Everybody who sees the job sees it: put no secret here.");

    private Guid? PlaceOf(string prefix) =>
        _place.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParse(_place.AsSpan(prefix.Length), out var id) ? id : null;

    private void OnKind() => _place = Places.Any(place => place.Key == _place)
        ? _place : Places.Select(place => place.Key).FirstOrDefault("");

    // What is not shown for a kind is not kept for it.
    private JobSettings Chosen(IReadOnlyList<string>? command = null)
    {
        var settings = new JobSettings { TimeoutMinutes = _timeout };
        return _kind switch
        {
            JobKind.Prune => settings with
            {
                Containers = _containers, Images = _images, NamedImages = _images && _named, BuildCache = _cache, OlderThanHours = _hours,
            },
            JobKind.VolumeBackup => settings with
            {
                Volume = _volume.Trim(), Users = _users, Keep = _keep, Recipients = JobRecipients.Read(_recipients),
            },
            JobKind.RestartContainer => settings with { Container = _container.Trim() },
            JobKind.RestartStack => settings with { StackId = _stackId },
            JobKind.PortalBackup => settings with { DestinationId = _destinationId, Check = _check },
            _ => settings with
            {
                Container = _container.Trim(), User = _user.Trim(),
                Command = command ?? CommandLineWords.Split(_command),
            },
        };
    }
}
