using System.Security.Claims;
using Portal.Contracts.Networks.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>A prune on one node: what would go, then what went.</summary>
/// <param name="node">The node.</param>
public sealed class NodeNetworkPrune(NodeState node)
{
    public NodeState Node { get; } = node;

    /// <summary>What would go; null until it was asked.</summary>
    public PreviewPruneResponse? Preview { get; private set; }

    /// <summary>What went; null until it was done.</summary>
    public PruneNetworksResponse? Done { get; private set; }

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error { get; private set; }

    public async Task PreviewAsync(
        NetworkCommands networks, ClaimsPrincipal user, NetworkPruneFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            Preview = await networks.PreviewPruneAsync(user, Node.Id, filter, cancellationToken);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
        }
    }

    public async Task RunAsync(NetworkCommands networks, ClaimsPrincipal user, NetworkPruneFilter filter)
    {
        try
        {
            Done = await networks.PruneAsync(user, Node.Id, filter);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
        }
    }
}
