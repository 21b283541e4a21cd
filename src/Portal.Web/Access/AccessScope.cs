namespace Portal.Web.Access;

/// <summary>Where something is done: on everything (null), or on one node. Environments and stacks join later.</summary>
/// <param name="NodeId">The node, or null for what belongs to no node.</param>
public readonly record struct AccessScope(Guid? NodeId)
{
    public static AccessScope Everything { get; } = new(null);

    public static AccessScope Node(Guid nodeId) => new(nodeId);
}
