using Microsoft.AspNetCore.Components;
using Portal.Web.Components.Dialogs;

namespace Portal.Web.Features.Nodes;

public sealed partial class NodesPage
{
    private IReadOnlyList<NodeRow>? _rows;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override void OnFleetChanged() => _rows = [.. Nodes.Select(node => new NodeRow(node))];

    private Task AddAsync() => Dialogs.OpenAsync<AddNodeDialog>("Add a node", width: "640px");
}
