namespace Portal.Engine.Networks.Ingress;

/// <summary>
/// Tells which containers answer behind ports of every node. Whoever knows how containers are says so; what has no such port is passed
/// over at no cost. Thread-safe.
/// </summary>
public interface IIngress
{
    /// <summary>Says whether a container takes connections from now on. One that leaves goes on leaving.</summary>
    void Serve(string containerId, bool isReady);

    /// <summary>
    /// Takes a container that is about to be ended out of the balance here, and waits until the other nodes have done the same and what
    /// was on its way has arrived. Connections that are open stay so.
    /// </summary>
    /// <param name="containerId">Which.</param>
    /// <param name="leaving">Called once it is out here, when others are to be told.</param>
    /// <param name="cancellationToken">Has it serve again.</param>
    /// <returns>At once when no port leads to it, or nobody is there to tell the others; after some seconds in any case.</returns>
    Task LeaveAsync(string containerId, Action leaving, CancellationToken cancellationToken = default);
}
