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
        if (await Dialogs.OpenAsync<PlaceNodeDialog>(T("Environment and labels of {0}", _node!.Name), parameters, "520px") is true)
        {
            Dialogs.Done(T("Saved"));
        }
    }

    private async Task ServeAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(NodeDutyDialog.Node)] = _node };
        if (await Dialogs.OpenAsync<NodeDutyDialog>(T("Service of {0}", _node!.Name), parameters, "520px") is true)
        {
            Dialogs.Done(T("Saved"));
        }
    }

    private async Task RotateAsync()
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Rotate the key of {0}?", _node!.Name),
            T("Rotate"),
            T("The agent makes a new key and signs in with it; the old one is refused from then on. The link is cut for a moment. "
            + "Containers run on."),
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
            Dialogs.Done(T("{0} signs in with a new key", _node.Name));
        }
        else
        {
            Dialogs.Failed(T("The key was not rotated"), error);
        }
    }

    private async Task RenameAsync()
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RenameNodeDialog.NodeId)] = NodeId,
            [nameof(RenameNodeDialog.Name)] = _node!.Name,
        };
        if (await Dialogs.OpenAsync<RenameNodeDialog>(T("Rename {0}", _node.Name), parameters, "440px") is string name)
        {
            Dialogs.Done(T("Renamed to {0}", name));
        }
    }

    private async Task RemoveAsync()
    {
        var name = _node!.Name;
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Remove the node {0}?", name),
            T("Remove"),
            T("Its link is cut at once and it can't come back without a new join token. Its containers run on: the host stays as it is."),
            [T("This portal's sight of the node and its containers"), T("Roles that were given on this node"), T("The history of its events")],
            TypeToConfirm: name));
        if (!confirmed)
        {
            return;
        }

        var actor = await Authorizer.EnsureAsync(User, PermissionNames.NodesManage, AccessScope.Node(NodeId), CancellationToken.None);
        await Registry.RemoveAsync(NodeId, actor, CancellationToken.None);
        Dialogs.Done(T("Removed {0}", name));
        Navigation.NavigateTo("nodes");
    }

    private string DescribeUpgrades(NodeState node)
    {
        return Upgrades.ObstacleOf(node) is not { } obstacle ? T("another build is there")
            : Upgrades.OfferFor(node)?.Build == node.Facts?.AgentBuild ? T("as this portal has it")
            : obstacle;
    }

    private static string DescribeDuty(NodeState node)
    {
        var state = node.Duty == NodeDuty.Maintenance ? T("In maintenance") : T("Drained");
        var reason = node.DutyNote.Length == 0 ? "" : $": {node.DutyNote}";
        return T("{0}{1}. New containers and images are refused here; what runs goes on.", state, reason);
    }

    private static string Describe(NodeState node) =>
        node.Facts is { } facts ? $"{facts.OperatingSystem} · {facts.KernelVersion} · {facts.Architecture}" : T("Not seen since this portal started.");
}
