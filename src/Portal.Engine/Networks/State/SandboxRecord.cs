using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Networks.State;

/// <summary>
/// A sandbox as it is written down, in <c>RunRoot/networks/CONTAINER.json</c>: beside the namespaces that it describes, because both end
/// with a reboot. Written after the kernel's objects are made and before any packet reaches them.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Sandbox">What was made of it.</param>
internal sealed record SandboxRecord(NetworkAttachment Request, NetworkSandbox Sandbox)
{
    /// <summary>What one has that an earlier version did not write, with one of each in its lists (<see cref="Storage.JsonDefaults"/>).</summary>
    public static SandboxRecord Defaults { get; } = new(
        new NetworkAttachment
        {
            ContainerId = "",
            ContainerName = "",
            Networks = [new NetworkConnection { Network = "" }],
            Ports = [new PortBinding { ContainerPort = 0 }],
        },
        new NetworkSandbox
        {
            ContainerId = "",
            Endpoints = [new NetworkEndpoint { NetworkId = "", NetworkName = "", EndpointId = "", Ingress = [new IngressTarget(default, 0, 0)] }],
            Ports = [new PortBinding { ContainerPort = 0 }],
        });
}
