namespace Portal.Web.Access;

/// <summary>
/// Where something is done, or where a role is granted: on everything, on an environment, on a node, or on a stack. What is done on a node may be
/// covered by a grant on the environment that the node is in: <see cref="EffectiveAccess"/> knows which that is.
/// </summary>
/// <remarks>
/// What is done with a stack is asked for with its place (<see cref="OfStack"/>), so that grants there cover it; a grant on a stack has none
/// (<see cref="Stack"/>), since a stack may be on several nodes.
/// </remarks>
public readonly record struct AccessScope
{
    private AccessScope(Guid? environmentId, Guid? nodeId, Guid? stackId) =>
        (EnvironmentId, NodeId, StackId) = (environmentId, nodeId, stackId);

    public static AccessScope Everything { get; }

    /// <summary>The environment; null for everything and for a node.</summary>
    public Guid? EnvironmentId { get; }

    /// <summary>The node; null for everything and for an environment.</summary>
    public Guid? NodeId { get; }

    /// <summary>The stack; null for what is of no stack.</summary>
    public Guid? StackId { get; }

    public bool IsEverything => EnvironmentId is null && NodeId is null && StackId is null;

    public static AccessScope Environment(Guid environmentId) => new(environmentId, null, null);

    public static AccessScope Node(Guid nodeId) => new(null, nodeId, null);

    /// <summary>A stack wherever it is: of grants.</summary>
    public static AccessScope Stack(Guid stackId) => new(null, null, stackId);

    /// <summary>From columns of which one at most is filled.</summary>
    public static AccessScope From(Guid? environmentId, Guid? nodeId, Guid? stackId = null) => stackId is { } stack ? Stack(stack)
        : nodeId is { } node ? Node(node)
        : environmentId is { } environment ? Environment(environment)
        : Everything;

    /// <summary>A stack at this place; one that is not made yet is only the place.</summary>
    public AccessScope OfStack(Guid stackId) => stackId == Guid.Empty ? this : new(EnvironmentId, NodeId, stackId);
}
