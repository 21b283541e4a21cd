namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>The networks that join a stack's containers on different nodes.</summary>
/// <remarks>Singleton; any thread. What nodes have follows within seconds: who needs one waits until it is there.</remarks>
internal interface IStackNetworks
{
    /// <summary>Those that are there, and are not about to go.</summary>
    Task<SpreadNetworks> FindAsync(Guid stackId, CancellationToken cancellationToken);

    /// <summary>Has one for a stack on all nodes of its environment; nothing happens when it is there.</summary>
    /// <exception cref="Node.DeploymentRefusedException">There can't be one.</exception>
    Task CreateAsync(StackNetwork network, CancellationToken cancellationToken);

    /// <summary>Has every node answer at ports, as <c>8080/tcp</c>, with containers on a network of the stack; beside those that it has, or at these alone.</summary>
    /// <exception cref="Node.DeploymentRefusedException">Another network has one of them.</exception>
    Task PublishAsync(
        Guid stackId, string name, IReadOnlyCollection<string> ports, bool areAll, CancellationToken cancellationToken);

    /// <summary>Takes one of a stack away again; nothing happens when it is gone.</summary>
    Task RemoveAsync(Guid stackId, string name, CancellationToken cancellationToken);

    /// <summary>What a node could not do with one, in its own words; empty where it did or has not said.</summary>
    Task<string> ProblemAsync(Guid stackId, string name, Guid node, CancellationToken cancellationToken);
}
