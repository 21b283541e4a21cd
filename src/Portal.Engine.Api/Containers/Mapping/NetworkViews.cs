using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>A container's place on the network in Docker's shape.</summary>
internal static class NetworkViews
{
    public static Dictionary<string, EndpointModel> Endpoints(ContainerInfo container)
    {
        if (container.Network is { Endpoints.Count: > 0 } network)
        {
            return network.Endpoints.ToDictionary(endpoint => endpoint.NetworkName, endpoint => Model(container, endpoint));
        }

        // A container that does not run is connected all the same; only its address is not there yet.
        return container.Spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal)
            ? []
            : container.Networks
                .DefaultIfEmpty(new NetworkConnection { Network = container.Spec.NetworkMode })
                .ToDictionary(network => network.Network, Wish);
    }

    public static NetworkSettingsModel Settings(ContainerInfo container)
    {
        var first = container.Network?.Endpoints is [var endpoint, ..] && container.Spec.NetworkMode == "bridge" ? endpoint : null;
        return new NetworkSettingsModel
        {
            SandboxID = container.Network is null ? "" : container.Id,
            SandboxKey = container.Network?.NamespacePath ?? "",
            Ports = PortMaps.Published(container),
            EndpointID = first?.EndpointId ?? "",
            Gateway = first?.Gateway ?? "",
            IPAddress = first?.Address ?? "",
            IPPrefixLen = first?.PrefixLength ?? 0,
            IPv6Gateway = first?.Gateway6 ?? "",
            GlobalIPv6Address = first?.Address6 ?? "",
            GlobalIPv6PrefixLen = first?.PrefixLength6 ?? 0,
            MacAddress = first?.MacAddress ?? "",
            Networks = Endpoints(container),
        };
    }

    private static EndpointModel Wish(NetworkConnection asked) => new()
    {
        IpamConfig = Ipam(asked),
        Aliases = asked.Aliases.Count == 0 ? null : [.. asked.Aliases],
        MacAddress = asked.MacAddress ?? "",
        DriverOpts = asked.DriverOptions.Count > 0 ? new(asked.DriverOptions) : null,
        GwPriority = asked.GatewayPriority,
    };

    private static EndpointModel Model(ContainerInfo container, NetworkEndpoint endpoint)
    {
        var asked = container.Networks.FirstOrDefault(network => network.Network == endpoint.NetworkName);
        var aliases = asked?.Aliases ?? [];
        string[] names = [container.Name, .. aliases, container.Id[..Math.Min(12, container.Id.Length)], container.Spec.Hostname ?? ""];
        return new EndpointModel
        {
            MacAddress = endpoint.MacAddress,
            NetworkID = endpoint.NetworkId,
            EndpointID = endpoint.EndpointId,
            Gateway = endpoint.Gateway,
            IPAddress = endpoint.Address,
            IPPrefixLen = endpoint.PrefixLength,
            IPv6Gateway = endpoint.Gateway6,
            GlobalIPv6Address = endpoint.Address6,
            GlobalIPv6PrefixLen = endpoint.PrefixLength6,
            IpamConfig = Ipam(asked),
            DriverOpts = asked is { DriverOptions.Count: > 0 } ? new(asked.DriverOptions) : null,
            GwPriority = endpoint.GatewayPriority,
            Aliases = aliases.Count == 0 ? null : [.. aliases],
            DnsNames = endpoint.NetworkName == "bridge" ? null : [.. names.Where(name => name.Length > 0).Distinct()],
        };
    }

    /// <summary>What was asked for; null when nothing was.</summary>
    private static EndpointIpamModel? Ipam(NetworkConnection? asked)
    {
        var hasWish = asked is { Address.Length: > 0 } or { Address6.Length: > 0 } or { LinkLocalAddresses.Count: > 0 };
        return !hasWish ? null : new EndpointIpamModel
        {
            Ipv4Address = asked!.Address is { Length: > 0 } ? asked.Address : null,
            Ipv6Address = asked.Address6 is { Length: > 0 } ? asked.Address6 : null,
            LinkLocalAddresses = asked.LinkLocalAddresses.Count == 0 ? null : [.. asked.LinkLocalAddresses],
        };
    }
}
