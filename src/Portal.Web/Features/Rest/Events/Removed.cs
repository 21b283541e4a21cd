namespace Portal.Web.Features.Rest.Events;

/// <summary>What is gone, or may not be seen any more.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="ContainerId">The container; null when it is the node itself.</param>
internal sealed record Removed(Guid NodeId, string? ContainerId);
