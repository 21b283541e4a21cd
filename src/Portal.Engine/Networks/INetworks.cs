namespace Portal.Engine.Networks;

/// <summary>
/// The networks of this engine, and the network namespaces of its containers.
/// </summary>
/// <remarks>
/// <para>
/// A container's <em>sandbox</em> is its network namespace with everything in it: interfaces, addresses, routes. It is made before
/// the container's process (<see cref="AttachAsync"/>) and taken away after it has ended (<see cref="DetachAsync"/>). Published
/// ports are part of it. A sandbox outlives the engine's process: it is held by a bind mount of the namespace under the
/// instance's run folder.
/// </para>
/// <para>
/// Every call is idempotent. <see cref="ReconcileAsync"/> is called once at start, before any other, with the containers that still
/// run; what belongs to no one is removed, and what is missing (a bridge after a reboot, rules that something flushed) is made anew.
/// </para>
/// </remarks>
public interface INetworks
{
    /// <summary>
    /// Brings the kernel in line with what is written: bridges, rules, published ports of the containers that run.
    /// Removes the rest.
    /// </summary>
    /// <param name="runningContainerIds">Containers whose sandbox must be kept.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default);

    /// <summary>Makes the sandbox of a container, connects it and publishes its ports; all of it or nothing.</summary>
    /// <exception cref="Errors.EngineException">
    /// Conflict: a published port is in use (Docker's words: <c>Bind for 0.0.0.0:80 failed: port is already allocated</c>, or
    /// <c>address already in use</c> when a process of the host has it). NotFound: no such network. InvalidArgument:
    /// a setting that the network can't honour.
    /// </exception>
    Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default);

    /// <summary>
    /// Does the same and returns as soon as it is decided which addresses and ports the container gets, so that what needs those alone can be
    /// done beside the rest. Nothing may run in the sandbox before that is finished.
    /// </summary>
    /// <exception cref="Errors.EngineException">As of <see cref="AttachAsync"/>, so far as it can be known then.</exception>
    async Task<NetworkBeginning> BeginAttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default) =>
        NetworkBeginning.Of(await AttachAsync(attachment, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes the container's ports, interfaces, addresses and namespace away. Does nothing when there are none.</summary>
    Task DetachAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>The sandbox of a container, or null when it has none now.</summary>
    NetworkSandbox? Find(string containerId);

    /// <summary>Makes a user-defined network.</summary>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument, NotFound (no such driver), Conflict (the name is taken), Forbidden (the subnet is in use).
    /// </exception>
    Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default);

    /// <summary>Removes a user-defined network.</summary>
    /// <param name="network">Its name or id.</param>
    /// <param name="cancellationToken">Stops the waiting for other operations.</param>
    /// <exception cref="Errors.EngineException">NotFound. Forbidden: it is a predefined one, or running containers are on it.</exception>
    Task RemoveAsync(string network, CancellationToken cancellationToken = default);

    /// <summary>Connects a container that has a sandbox to one more network.</summary>
    /// <exception cref="Errors.EngineException">NotFound; Conflict: it is on that network; and as <see cref="AttachAsync"/>.</exception>
    Task<NetworkSandbox> ConnectAsync(string containerId, NetworkConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Takes a container that has a sandbox off a network.</summary>
    /// <exception cref="Errors.EngineException">NotFound: no such network, or the container is not on it.</exception>
    Task<NetworkSandbox> DisconnectAsync(string containerId, string network, CancellationToken cancellationToken = default);

    /// <summary>Has others find a container under a new name from now on. Does nothing when it has no sandbox.</summary>
    Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default);

    /// <summary>All networks.</summary>
    Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default);
}
