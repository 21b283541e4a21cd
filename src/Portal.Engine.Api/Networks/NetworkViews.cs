using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>Networks in Docker's shape.</summary>
internal static class NetworkViews
{
    public static NetworkModel Model(NetworkListing listing, bool withContainers)
    {
        var network = listing.Network;
        return new NetworkModel
        {
            Name = network.Name,
            Id = network.Id,
            Created = GoTime.Format(network.Created),
            Scope = ScopeOf(network),
            Driver = network.Driver,
            EnableIPv4 = network.HasIpv4,
            EnableIPv6 = network.HasIpv6,
            IPAM = new IpamModel { Config = [.. network.Subnets.Select(Config)] },
            Containers = withContainers ? Connected(listing) : [],
            Internal = network.IsInternal,
            Attachable = network.IsAttachable,
            ConfigOnly = network.IsConfigOnly,
            ConfigFrom = new ConfigFromModel { Network = network.ConfigFrom },
            Peers = network.Overlay is null ? null : Nodes(network),
            Labels = new Dictionary<string, string>(network.Labels),
            Options = !network.IsPredefined || network.InterfaceName.Length == 0
                ? new Dictionary<string, string>(network.Options)
                : new Dictionary<string, string> { ["com.docker.network.bridge.name"] = network.InterfaceName },
        };
    }

    /// <summary>Docker's word for what spans nodes, though no swarm is here.</summary>
    public static string ScopeOf(NetworkSummary network) => network.Overlay is null ? "local" : "swarm";

    /// <summary>All nodes of a network, this one too, as Docker lists them. The engine knows no names of others.</summary>
    private static List<PeerModel> Nodes(NetworkSummary network) =>
    [
        .. network.Peers.Append(network.Overlay!.NodeAddress).Order(StringComparer.Ordinal)
            .Select(address => new PeerModel(address, address)),
    ];

    private static IpamConfigModel Config(NetworkSubnet subnet) => new()
    {
        Subnet = subnet.Subnet,
        Gateway = subnet.Gateway,
        IpRange = subnet.IpRange,
        AuxiliaryAddresses = subnet.AuxiliaryAddresses.Count == 0 ? null : new(subnet.AuxiliaryAddresses),
    };

    private static Dictionary<string, NetworkContainerModel> Connected(NetworkListing listing)
    {
        var connected = new Dictionary<string, NetworkContainerModel>();
        foreach (var member in listing.Members)
        {
            if (member.Endpoint is { } endpoint)
            {
                connected[member.Container.Id] = new NetworkContainerModel
                {
                    Name = member.Container.Name,
                    EndpointID = endpoint.EndpointId,
                    MacAddress = endpoint.MacAddress,
                    IPv4Address = endpoint.Address.Length == 0 ? "" : $"{endpoint.Address}/{endpoint.PrefixLength}",
                    IPv6Address = endpoint.Address6.Length == 0 ? "" : $"{endpoint.Address6}/{endpoint.PrefixLength6}",
                };
            }
        }

        return connected;
    }
}
