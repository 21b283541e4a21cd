using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Pruning;

/// <summary>A prune on one node: what would go, then what went.</summary>
/// <param name="node">The node.</param>
/// <param name="plan">What shall go.</param>
public sealed class NodePrune(NodeState node, IPrunePlan plan)
{
    public NodeState Node { get; } = node;

    /// <summary>What would go; null until it was asked.</summary>
    public PrunePreview? Preview { get; private set; }

    /// <summary>What went; null until it was done.</summary>
    public PruneOutcome? Done { get; private set; }

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error { get; private set; }

    public Task PreviewAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TryAsync(async () => Preview = await plan.PreviewAsync(user, Node.Id, cancellationToken));

    public Task RunAsync(ClaimsPrincipal user) => TryAsync(async () => Done = await plan.RunAsync(user, Node.Id));

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
        }
    }
}
