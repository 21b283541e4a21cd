using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Logs;

/// <summary>The logs of several containers; which, stands in the address.</summary>
public sealed partial class LogsPage
{
    private const int MostListed = 200;
    private LogSelection _selection = new("", "", "", "", []);
    private IReadOnlyList<(NodeState Node, ContainerView Container)> _fitting = [];
    private IReadOnlyList<LogSource> _sources = [];
    private IReadOnlyList<string> _stacks = [];
    private IReadOnlyList<string> _missing = [];
    private int _all;
    private bool _changed = true;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.ContainersLogs;

    private string Summary => _selection.Chosen.IsEmpty
        ? T("{0} of {1} containers", _sources.Count, _all)
        : T("{0} chosen", _sources.Count);

    public override ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        return base.DisposeAsync();
    }

    protected override Task OnInitializedAsync()
    {
        _selection = LogSelection.Parse(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        return base.OnInitializedAsync();
    }

    // Counters change every two seconds, containers rarely: only then is the page drawn again.
    protected override void OnFleetChanged()
    {
        var fitting = _selection.Fitting(Nodes);
        var sources = _selection.Choose(fitting);
        var all = Nodes.Sum(node => node.Containers.Count);
        if (all == _all && fitting.Count == _fitting.Count && sources.SequenceEqual(_sources))
        {
            return;
        }

        (_fitting, _all, _changed) = (fitting, all, true);
        _sources = sources.SequenceEqual(_sources) ? _sources : sources;
        _stacks = [.. Nodes.SelectMany(node => node.Containers.Values).Select(LogSelection.StackOf)
            .Where(stack => stack.Length > 0).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        var there = _fitting.Select(item => LogSelection.NameOf(item.Node, item.Container)).ToHashSet(StringComparer.Ordinal);
        _missing = [.. _selection.Chosen.Where(name => !there.Contains(name))];
    }

    protected override bool ShouldRender()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(() =>
    {
        _selection = LogSelection.Parse(change.Location);
        _all = -1;
        OnFleetChanged();
        StateHasChanged();
    });

    private void Choose(LogSelection selection) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(selection.ToAddress()), replace: true);

    private void Toggle(string name) => Choose(_selection with
    {
        Chosen = _selection.Chosen.Contains(name) ? _selection.Chosen.Remove(name) : _selection.Chosen.Add(name),
    });

    private static string TextOf(ChangeEventArgs change) => change.Value as string ?? "";
}
