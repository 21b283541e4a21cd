using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Pruning;

/// <summary>A prune that was decided on; see <see cref="PruneKind.Plan"/>.</summary>
public interface IPrunePlan
{
    /// <summary>What would go from a node now.</summary>
    /// <exception cref="NodeCallException">The node could not be asked.</exception>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    Task<PrunePreview> PreviewAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken);

    /// <summary>Removes it.</summary>
    /// <exception cref="NodeCallException">It failed.</exception>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    Task<PruneOutcome> RunAsync(ClaimsPrincipal user, Guid nodeId);
}
