using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Nodes.Details;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Features.Nodes;

public sealed partial class NodePage
{
    // More are found in the list of all, which draws only what is in sight.
    private const int ShownContainers = 50;
    private readonly LatencyTrace _latency = new();
    private NodeState? _node;
    private bool _rotating;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required INodeRegistry Registry { get; init; }

    [Inject]
    public required INodeUpgrades Upgrades { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter]
    public Guid NodeId { get; set; }

    private int Running => _node!.Containers.Values.Count(container => container.State == "running");

    protected override void OnFleetChanged()
    {
        _node = Nodes.FirstOrDefault(node => node.Id == NodeId);
        _latency.Add(_node?.Latency);
    }

    protected override void OnParametersSet() => OnFleetChanged();

    private async Task PlaceAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(PlaceNodeDialog.Node)] = _node };
        if (await Dialogs.OpenAsync<PlaceNodeDialog>($"Environment and labels of {_node!.Name}", parameters, "520px") is true)
        {
            Dialogs.Done("Saved");
        }
    }

    private async Task ServeAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(NodeDutyDialog.Node)] = _node };
        if (await Dialogs.OpenAsync<NodeDutyDialog>($"Service of {_node!.Name}", parameters, "520px") is true)
        {
            Dialogs.Done("Saved");
        }
    }

    private async Task RotateAsync()
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            $"Rotate the key of {_node!.Name}?",
            "Rotate",
            "The agent makes a new key and signs in with it; the old one is refused from then on. The link is cut for a moment. "
            + "Containers run on.",
            []));
        if (!confirmed)
        {
            return;
        }

        var actor = await Authorizer.EnsureAsync(User, PermissionNames.NodesManage, AccessScope.Node(NodeId), CancellationToken.None);
        _rotating = true;
        var (error, _) = await Registry.RotateKeyAsync(NodeId, actor, CancellationToken.None);
        _rotating = false;
        if (error is null)
        {
            Dialogs.Done($"{_node.Name} signs in with a new key");
        }
        else
        {
            Dialogs.Failed("The key was not rotated", error);
        }
    }

    private async Task RenameAsync()
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RenameNodeDialog.NodeId)] = NodeId,
            [nameof(RenameNodeDialog.Name)] = _node!.Name,
        };
        if (await Dialogs.OpenAsync<RenameNodeDialog>($"Rename {_node.Name}", parameters, "440px") is string name)
        {
            Dialogs.Done($"Renamed to {name}");
        }
    }

    private async Task RemoveAsync()
    {
        var name = _node!.Name;
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            $"Remove the node {name}?",
            "Remove",
            "Its link is cut at once and it can't come back without a new join token. Its containers run on: the host stays as it is.",
            ["This portal's sight of the node and its containers", "Roles that were given on this node", "The history of its events"],
            TypeToConfirm: name));
        if (!confirmed)
        {
            return;
        }

        var actor = await Authorizer.EnsureAsync(User, PermissionNames.NodesManage, AccessScope.Node(NodeId), CancellationToken.None);
        await Registry.RemoveAsync(NodeId, actor, CancellationToken.None);
        Dialogs.Done($"Removed {name}");
        Navigation.NavigateTo("nodes");
    }

    private string DescribeUpgrades(NodeState node)
    {
        return Upgrades.ObstacleOf(node) is not { } obstacle ? "another build is there"
            : Upgrades.OfferFor(node)?.Build == node.Facts?.AgentBuild ? "as this portal has it"
            : obstacle;
    }

    private static string DescribeDuty(NodeState node)
    {
        var state = node.Duty == NodeDuty.Maintenance ? "In maintenance" : "Drained";
        var reason = node.DutyNote.Length == 0 ? "" : $": {node.DutyNote}";
        return $"{state}{reason}. New containers and images are refused here; what runs goes on.";
    }

    private static string Describe(NodeState node) =>
        node.Facts is { } facts ? $"{facts.OperatingSystem} · {facts.KernelVersion} · {facts.Architecture}" : "Not seen since this portal started.";
}
