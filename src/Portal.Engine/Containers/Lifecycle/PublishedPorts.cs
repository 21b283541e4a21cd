using Portal.Engine.Containers.Creation;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Which ports a container asks the host to answer on.</summary>
internal static class PublishedPorts
{
    public static IReadOnlyList<PortBinding> Of(ContainerSpec spec)
    {
        // The host's own network needs no publishing, and Docker drops it there with a warning.
        if (spec.NetworkMode is "host")
        {
            return [];
        }

        var ports = spec.Ports.ToList();
        foreach (var text in spec.PublishAllPorts ? spec.ExposedPorts : [])
        {
            if (ExposedPort.TryParse(text, out var exposed)
                && !ports.Exists(port => port.ContainerPort == exposed.Port && port.Protocol == exposed.Protocol))
            {
                ports.Add(new PortBinding { ContainerPort = exposed.Port, Protocol = exposed.Protocol });
            }
        }

        return ports;
    }
}
