namespace Portal.Web.Access;

/// <summary>
/// Where something is done, or where a role is granted: on everything, on an environment, or on a node. What is done on a node may be covered by
/// a grant on the environment that the node is in: <see cref="EffectiveAccess"/> knows which that is.
/// </summary>
/// <remarks>A stack will be a further one, inside a node or over several: add it here, to <see cref="AccessGrant"/> and to the grants' table.</remarks>
public readonly record struct AccessScope
{
    private AccessScope(Guid? environmentId, Guid? nodeId) => (EnvironmentId, NodeId) = (environmentId, nodeId);

    public static AccessScope Everything { get; }

    /// <summary>The environment; null for everything and for a node.</summary>
    public Guid? EnvironmentId { get; }

    /// <summary>The node; null for everything and for an environment.</summary>
    public Guid? NodeId { get; }

    public bool IsEverything => EnvironmentId is null && NodeId is null;

    public static AccessScope Environment(Guid environmentId) => new(environmentId, null);

    public static AccessScope Node(Guid nodeId) => new(null, nodeId);

    /// <summary>From two columns of which one at most is filled.</summary>
    public static AccessScope From(Guid? environmentId, Guid? nodeId) => nodeId is { } node ? Node(node)
        : environmentId is { } environment ? Environment(environment)
        : Everything;
}
