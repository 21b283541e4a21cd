using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>Networks in Docker's shape.</summary>
internal static class NetworkViews
{
    public static NetworkModel Model(NetworkSummary network, IReadOnlyList<ContainerInfo> running)
    {
        return new NetworkModel
        {
            Name = network.Name,
            Id = network.Id,
            Created = GoTime.Format(network.Created),
            Driver = network.Driver,
            IPAM = new IpamModel
            {
                Config = network.Subnet.Length == 0
                    ? []
                    : [new IpamConfigModel { Subnet = network.Subnet, Gateway = network.Gateway, IpRange = network.IpRange }],
            },
            Containers = Connected(network, running),
            Internal = network.IsInternal,
            Attachable = network.IsAttachable,
            Labels = new Dictionary<string, string>(network.Labels),
            Options = !network.IsPredefined || network.InterfaceName.Length == 0
                ? new Dictionary<string, string>(network.Options)
                : new Dictionary<string, string> { ["com.docker.network.bridge.name"] = network.InterfaceName },
        };
    }

    private static Dictionary<string, NetworkContainerModel> Connected(NetworkSummary network, IReadOnlyList<ContainerInfo> running)
    {
        var connected = new Dictionary<string, NetworkContainerModel>();
        foreach (var container in running)
        {
            if (container.Network?.Endpoints.FirstOrDefault(candidate => candidate.NetworkId == network.Id) is { } endpoint)
            {
                connected[container.Id] = new NetworkContainerModel
                {
                    Name = container.Name,
                    EndpointID = endpoint.EndpointId,
                    MacAddress = endpoint.MacAddress,
                    IPv4Address = endpoint.Address.Length == 0 ? "" : $"{endpoint.Address}/{endpoint.PrefixLength}",
                };
            }
        }

        return connected;
    }
}
