using Portal.Contracts.Hubs;
using Portal.Web.Features.Updates;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>A container in a list.</summary>
/// <param name="NodeId">Its node.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Stale">The node is away: this is how it stood when it was last heard of.</param>
/// <param name="Container">The container.</param>
/// <param name="Update">Whether its registry has a newer image under the same tag.</param>
internal sealed record ContainerItem(Guid NodeId, string Node, bool Stale, ContainerView Container, ImageUpdate Update);
