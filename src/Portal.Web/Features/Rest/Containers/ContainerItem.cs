using Portal.Contracts.Hubs;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>A container in a list.</summary>
/// <param name="NodeId">Its node.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Stale">The node is away: this is how it stood when it was last heard of.</param>
/// <param name="Container">The container.</param>
internal sealed record ContainerItem(Guid NodeId, string Node, bool Stale, ContainerView Container);
