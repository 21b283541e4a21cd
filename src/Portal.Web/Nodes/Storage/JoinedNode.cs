namespace Portal.Web.Nodes.Storage;

/// <summary>What came of a join.</summary>
/// <param name="Node">The node with the name that it got; null while it waits to be accepted.</param>
internal sealed record JoinedNode(NodeRecord? Node);
