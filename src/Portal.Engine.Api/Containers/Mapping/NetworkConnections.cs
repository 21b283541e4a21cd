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
            connections.Add(Parse(name == "default" ? "bridge" : name, endpoint is null ? null : endpoint with { Links = null }, problems));
        }

        if (mode is "host" or "none" || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            if (connections.Exists(connection =>
                connection.Network != mode || connection.Address is not null || connection.Aliases.Count > 0))
            {
                problems.Add($"conflicting options: the network mode '{mode}' goes with no other network, address or alias");
            }

            return [];
        }

        return connections;
    }

    /// <summary>Containers to find under further names: clients say it of the container, of the network, or of both.</summary>
    public static IReadOnlyList<string> Links(List<string>? links, NetworkingConfigModel? config)
    {
        var ofNetworks = (config?.EndpointsConfig ?? []).Values.SelectMany(endpoint => endpoint?.Links ?? []);
        return [.. (links ?? []).Concat(ofNetworks).Distinct()];
    }

    public static NetworkConnection Parse(string network, EndpointModel? endpoint, List<string> problems)
    {
        if (endpoint is { Links.Count: > 0 })
        {
            problems.Add("links (--link) are not available in this engine yet; containers of one network find each other by name");
        }

        if (endpoint?.IpamConfig is { Ipv6Address.Length: > 0 } or { LinkLocalAddresses.Count: > 0 })
        {
            problems.Add("IPv6 and link-local addresses (--ip6, --link-local-ip) are not available in this engine yet");
        }

        return new NetworkConnection
        {
            Network = network,
            Address = endpoint?.IpamConfig is { Ipv4Address.Length: > 0 } asked ? asked.Ipv4Address : null,
            Aliases = endpoint?.Aliases ?? [],
            MacAddress = endpoint is { MacAddress.Length: > 0 } ? endpoint.MacAddress : null,
        };
    }
}
