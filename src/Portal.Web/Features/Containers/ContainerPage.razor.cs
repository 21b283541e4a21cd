using Microsoft.AspNetCore.Components;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Logs;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers;

/// <summary>One container: what it is, what can be done with it, and its log, charts, console, processes and settings.</summary>
public sealed partial class ContainerPage
{
    private static readonly (string Name, string Title, string Permission)[] s_tabs =
    [
        ("logs", N("Logs"), PermissionNames.ContainersLogs),
        ("stats", N("Stats"), PermissionNames.ContainersView),
        ("console", N("Console"), PermissionNames.ContainersExec),
        ("processes", N("Processes"), PermissionNames.ContainersView),
        ("health", N("Health"), PermissionNames.ContainersView),
        ("files", N("Files"), PermissionNames.ContainersFiles),
        ("changes", N("Changes"), PermissionNames.ContainersFiles),
        ("inspect", N("Inspect"), PermissionNames.ContainersView),
    ];

    private NodeState? _node;
    private bool _gone;
    private IReadOnlyList<LogSource> _logs = [];
    private ContainerView? _view;
    private EffectiveAccess? _shownAccess;
    private bool _known;
    private bool _changed;
    private bool _hurried;
    private bool _updating;
    private ImageUpdate _update = ImageUpdate.Unknown;

    [Parameter]
    public Guid NodeId { get; set; }

    [Parameter]
    public string Id { get; set; } = "";

    [Parameter]
    public string? Tab { get; set; }

    /// <summary>The folder, on the view of files.</summary>
    [SupplyParameterFromQuery(Name = "path")]
    public string? Path { get; set; }

    /// <summary>The console to look at, on the view of consoles.</summary>
    [SupplyParameterFromQuery(Name = "session")]
    public string? Console { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ImageUpdates Updates { get; init; }

    [Inject]
    public required UpdateChecks Checks { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override string ViewPermission => PermissionNames.ContainersView;

    private IEnumerable<(string Name, string Title, string Permission)> AllowedTabs =>
        s_tabs.Where(tab => Access.Allows(tab.Permission, AccessScope.Node(NodeId)) && (tab.Name != "health" || _view!.Health.Length > 0));

    private string Current => AllowedTabs.Any(tab => tab.Name == Tab) ? Tab! : AllowedTabs.First().Name;

    // Where nobody asked and the node maps nothing there is nothing to tell.
    private string? UserNamespace => _view switch
    {
        { RootOnHost: { } root } => T("its own: root is {0} on the host", root),
        { UsernsMode: "host" } => "the host's",
        _ => null,
    };

    private ContainerKey Key => new(NodeId, _view!.Id, _view.Name);

    protected override void OnParametersSet()
    {
        OnFleetChanged();
        _changed = true;
    }

    // Counters change every two seconds, this container rarely: only then is the page drawn again.
    protected override void OnFleetChanged()
    {
        var node = Nodes.FirstOrDefault(node => node.Id == NodeId);
        var found = node?.Containers.GetValueOrDefault(Id);

        // Whoever reads its log goes on reading it, and then that of the container that takes its place; so does who has it updated.
        var view = found ?? (_view?.Id == Id && (_updating || Current == "logs") ? _view : null);
        var successor = found is null && view is not null ? node?.Containers.Values.FirstOrDefault(item => item.Name == view.Name) : null;
        if (successor is not null)
        {
            var address = $"nodes/{NodeId}/containers/{successor.Id}/{Current}{new Uri(Navigation.Uri).Query}";
            Navigation.NavigateTo(address, new NavigationOptions { ReplaceHistoryEntry = true });
        }

        _changed |= !ReferenceEquals(view, _view) || node?.Presence != _node?.Presence || node?.Name != _node?.Name
            || !Access.IsSameAs(_shownAccess) || view is null || _gone != found is null;
        var update = view is null ? ImageUpdate.Unknown : Updates.Of(NodeId, view);
        _hurried &= update == _update;
        _changed |= update != _update;
        _update = update;
        _node = node;
        _gone = found is null;
        _view = view;
        LogSource[] logs = view is null ? [] : [new LogSource(Key, node?.Name ?? "", found is not null && ContainerStatus.IsAlive(view))];
        _logs = logs.SequenceEqual(_logs) ? _logs : logs;
        _shownAccess = Access;
        _known = node is not { Presence: not NodePresence.Online };
    }

    protected override bool ShouldRender()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private async Task HurryAsync()
    {
        _changed = true;
        try
        {
            _hurried = await Checks.HurryAsync(User, NodeId, _view!.Image, Closed);
            if (!_hurried)
            {
                Dialogs.Done(T("The registry was asked within the last minute, or asked to be left alone."));
            }
        }
        catch (AccessDeniedException refused)
        {
            Dialogs.Failed(T("The registry is not asked"), refused.Message);
        }
    }

    private void OnUpdating(bool updating) => (_updating, _changed) = (updating, true);

    private void OnRemoved() => Navigation.NavigateTo("containers");
}
