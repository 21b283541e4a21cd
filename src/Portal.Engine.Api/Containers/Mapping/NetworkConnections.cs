using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>What a request asks of each network: <c>--ip</c>, <c>--network-alias</c> and their kin.</summary>
internal static class NetworkConnections
{
    public static List<NetworkConnection> Parse(NetworkingConfigModel? config, string mode, List<string> problems)
    {
        var connections = new List<NetworkConnection>();
        foreach (var (name, endpoint) in config?.EndpointsConfig ?? [])
        {
            // Links are of the whole container here, see Links below.
            connections.Add(Parse(name == "default" ? "bridge" : name, endpoint));
        }

        if (mode is "host" or "none" || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            if (connections.Exists(connection =>
                connection.Network != mode
                || connection is not { Address: null, Address6: null, Aliases.Count: 0 }))
            {
                problems.Add($"conflicting options: the network mode '{mode}' goes with no other network, address or alias");
            }

            return [];
        }

        if (connections.Find(connection => connection.Network is "host" or "none") is { } alone)
        {
            problems.Add(alone.Network == "none"
                ? "container cannot be connected to multiple networks with one of the networks in private (none) mode"
                : "container cannot be connected to multiple networks with one of the networks in host mode");
        }

        return connections;
    }

    /// <summary>Containers to find under further names: clients say it of the container, of the network, or of both.</summary>
    public static IReadOnlyList<string> Links(List<string>? links, NetworkingConfigModel? config)
    {
        var ofNetworks = (config?.EndpointsConfig ?? []).Values.SelectMany(endpoint => endpoint?.Links ?? []);
        return [.. (links ?? []).Concat(ofNetworks).Distinct()];
    }

    public static NetworkConnection Parse(string network, EndpointModel? endpoint)
    {
        return new NetworkConnection
        {
            Network = network,
            Address = endpoint?.IpamConfig is { Ipv4Address.Length: > 0 } asked ? asked.Ipv4Address : null,
            Address6 = endpoint?.IpamConfig is { Ipv6Address.Length: > 0 } asked6 ? asked6.Ipv6Address : null,
            LinkLocalAddresses = endpoint?.IpamConfig?.LinkLocalAddresses ?? [],
            Aliases = endpoint?.Aliases ?? [],
            MacAddress = endpoint is { MacAddress.Length: > 0 } ? endpoint.MacAddress : null,
            DriverOptions = endpoint?.DriverOpts ?? [],
            GatewayPriority = endpoint?.GwPriority ?? 0,
        };
    }
}
