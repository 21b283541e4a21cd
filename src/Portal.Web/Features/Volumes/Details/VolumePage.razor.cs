using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Volumes.Files;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Details;

/// <summary>One volume: what it is, who uses it, and its files.</summary>
public sealed partial class VolumePage
{
    private static readonly (string Name, string Title, string Permission)[] s_tabs =
    [
        ("details", N("Details"), PermissionNames.VolumesView),
        ("files", N("Files"), PermissionNames.VolumesFiles),
        ("inspect", N("Inspect"), PermissionNames.VolumesView),
    ];

    private VolumeFileSource? _source;
    private bool _measuring;

    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>The folder, on the view of files.</summary>
    [SupplyParameterFromQuery(Name = "path")]
    public string? Path { get; set; }

    [Inject]
    public required VolumeCommands Volumes { get; init; }

    [Inject]
    public required VolumeFiles Files { get; init; }

    protected override string ViewPermission => PermissionNames.VolumesView;

    protected override string Subject => Name;

    protected override IEnumerable<(string Name, string Title)> Tabs =>
        s_tabs.Where(tab => May(tab.Permission)).Select(tab => (tab.Name, T(tab.Title)));

    protected override object VersionOf(NodeState node) => node.VolumesVersion;

    protected override Task<InspectVolumeResponse> InspectAsync(CancellationToken cancellationToken) =>
        Volumes.InspectAsync(User, NodeId, Name, _measuring, cancellationToken);

    protected override VolumeRow MakeRow(NodeState node, InspectVolumeResponse answer)
    {
        var row = new VolumeRow(node, answer.Volume, May(PermissionNames.ContainersView));
        if (_source is null || _source.Volume != row.Key)
        {
            _source = new VolumeFileSource(Files, row.Key);
        }

        return row;
    }

    private async Task MeasureAsync()
    {
        _measuring = true;
        try
        {
            await LoadAsync();
        }
        finally
        {
            _measuring = false;
        }
    }

    private void OnRemoved() => Navigation.NavigateTo("volumes");
}
