using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Drivers;

/// <summary>
/// One way to make a network in the kernel: <c>bridge</c>, <c>macvlan</c>, <c>ipvlan</c>. The engine decides on names, addresses and
/// order; a driver turns them into links and routes. A driver keeps no state of its own, so that a restart loses nothing: what it needs
/// is in its arguments and in the kernel.
/// </summary>
/// <remarks>Calls for different endpoints come at the same time; calls for one endpoint, or for one network itself, do not.</remarks>
public interface INetworkDriver
{
    /// <summary>Docker's name of it, such as <c>bridge</c>.</summary>
    string Name { get; }

    /// <summary>Makes the network's links on the host, or brings them in line with the definition. Idempotent.</summary>
    /// <exception cref="Errors.EngineException">Conflict: the link's name belongs to something else.</exception>
    void Ensure(NetworkDefinition network);

    /// <summary>Removes the network's links. Does nothing when there are none.</summary>
    void Remove(NetworkDefinition network);

    /// <summary>
    /// The name of an endpoint's link on the host: unique on the host, and recognized by <see cref="RemoveStrays"/>.
    /// Null when this kind of network puts no link there.
    /// </summary>
    string? HostInterfaceName(string endpointId);

    /// <summary>Puts an interface with addresses and a default route into a namespace and connects it; all of it or nothing.</summary>
    /// <exception cref="Errors.EngineException">AlreadyExists: a link of that name is there; another endpoint id helps.</exception>
    void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath);

    /// <summary>Sends the default routes of the families that the endpoint is the way out for through it.</summary>
    void Route(NetworkEndpoint endpoint, string namespacePath);

    /// <summary>Brings a connection that should exist back in line after someone changed it. Idempotent.</summary>
    void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath);

    /// <summary>Takes an endpoint's links away, waiting for the kernel (milliseconds). Does nothing when there are none.</summary>
    /// <param name="endpoint">Which.</param>
    /// <param name="namespacePath">The container's namespace; null when it is gone, and with it what was in it.</param>
    void Disconnect(NetworkEndpoint endpoint, string? namespacePath);

    /// <summary>Removes links that this instance's endpoints left behind.</summary>
    /// <param name="hostInterfaces">Links to keep.</param>
    /// <returns>Names of what was removed.</returns>
    IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces);
}
