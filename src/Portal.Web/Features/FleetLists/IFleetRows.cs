using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>The rows of a list over all nodes that a person may see.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <remarks>One for each open page; used on the page's own context alone.</remarks>
public interface IFleetRows<TRow>
{
    /// <summary>Grows with each change of <see cref="Rows"/>.</summary>
    int Version { get; }

    /// <summary>All rows; in no order, unless <see cref="AreInOrder"/>.</summary>
    IReadOnlyList<TRow> Rows { get; }

    /// <summary>Whether <see cref="Rows"/> come in the order that the list has by itself, so that it need not sort them.</summary>
    bool AreInOrder => false;

    /// <summary>Nodes that were not read yet.</summary>
    int Waiting { get; }

    /// <summary>Why nodes could not be read, by the node's name.</summary>
    IEnumerable<(string Node, string Error)> Errors { get; }

    /// <summary>Takes the newest picture in.</summary>
    /// <param name="nodes">Those that the user may see.</param>
    /// <param name="access">For which containers to tell of.</param>
    /// <returns>The nodes that must be asked.</returns>
    IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access);

    /// <summary>Asks nodes.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="nodeIds">From <see cref="Update"/>.</param>
    /// <param name="read">Called after each node, on the page's context: its rows are there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken);
}
