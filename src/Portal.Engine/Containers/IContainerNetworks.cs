using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers;

/// <summary>Which networks a container is on, while it runs and while it does not.</summary>
public interface IContainerNetworks
{
    /// <summary>Connects a container to one more network: at once when it runs, else with its next start.</summary>
    /// <exception cref="EngineException">
    /// NotFound: no such container or network. Forbidden: it is on that network, or its network mode allows no other.
    /// </exception>
    Task ConnectAsync(string container, NetworkConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Takes a container off a network.</summary>
    /// <exception cref="EngineException">NotFound: no such container or network, or it is not on it.</exception>
    Task DisconnectAsync(string container, string network, CancellationToken cancellationToken = default);
}
