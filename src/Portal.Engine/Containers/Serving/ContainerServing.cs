using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Events;
using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Containers.Serving;

/// <summary>Tells the networks which containers take connections: those that run, and are healthy where they have a check.</summary>
internal sealed class ContainerServing(IIngress ingress, IEngineEvents events)
{
    /// <summary>Looks at it as it is. The caller holds its lock.</summary>
    public void Look(Container container)
    {
        var record = container.Record;
        ingress.Serve(container.Id, record.State == ContainerState.Running && record.Health is null or { Status: HealthStatus.Healthy });
    }

    /// <summary>Before it is asked to end: returns when nothing new is led to it, or after some seconds.</summary>
    public Task LeaveAsync(Container container, CancellationToken cancellationToken) => ingress.LeaveAsync(
        container.Id,
        () =>
        {
            // Whoever listens asks this node what it has now, and tells the others.
            foreach (var endpoint in container.Network?.Endpoints.Where(endpoint => endpoint.Ingress.Count > 0) ?? [])
            {
                var about = new Dictionary<string, string>
                {
                    ["container"] = container.Id, ["name"] = endpoint.NetworkName, ["type"] = "overlay",
                };
                events.Publish(EngineEventType.Network, "update", endpoint.NetworkId, about);
            }
        },
        cancellationToken);
}
