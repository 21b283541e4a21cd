using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Networks.V1;
using Portal.Engine.Api.Networks;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Networks;
using Endpoint = Portal.Contracts.Networks.V1.Endpoint;
using EngineFilter = Portal.Engine.Containers.Networking.NetworkFilter;
using EnginePruneFilter = Portal.Engine.Containers.Networking.NetworkPruneFilter;
using NetworkFilter = Portal.Contracts.Networks.V1.NetworkFilter;
using NetworkPruneFilter = Portal.Contracts.Networks.V1.NetworkPruneFilter;

namespace Portal.Agent.Services.Networks;

/// <summary>Between the engine's networks and the contract's.</summary>
internal static class NetworkMapping
{
    public static Network ToNetwork(NetworkListing listing, bool withEndpoints)
    {
        var network = listing.Network;
        var running = listing.Members.Count(member => member.Endpoint is not null);
        var result = new Network
        {
            Id = network.Id,
            Name = network.Name,
            Driver = network.Driver,
            CreatedAt = Timestamp.FromDateTimeOffset(network.Created),
            EnableIpv4 = network.HasIpv4,
            EnableIpv6 = network.HasIpv6,
            Internal = network.IsInternal,
            Attachable = network.IsAttachable,
            ConfigOnly = network.IsConfigOnly,
            ConfigFrom = network.ConfigFrom,
            Predefined = network.IsPredefined,
            InterfaceName = network.InterfaceName,
            RunningContainers = running,
            StoppedContainers = listing.Members.Count - running,
        };
        result.Subnets.AddRange(network.Subnets.Select(ToSubnet));
        result.Options.Add(network.Options.ToDictionary());
        result.Labels.Add(network.Labels.ToDictionary());
        if (withEndpoints)
        {
            result.Endpoints.AddRange(listing.Members.Select(ToEndpoint));
        }

        return result;
    }

    public static InspectNetworkResponse ToInspection(NetworkListing listing) => new()
    {
        Network = ToNetwork(listing, withEndpoints: true),
        Json = DockerNetworkInspect.Format(listing),
    };

    public static Endpoint ToEndpoint(NetworkMember member)
    {
        var result = new Endpoint { ContainerId = member.Container.Id, ContainerName = member.Container.Name };
        result.Aliases.AddRange(member.Connection?.Aliases ?? []);
        if (member.Endpoint is { } endpoint)
        {
            result.Running = true;
            result.EndpointId = endpoint.EndpointId;
            result.InterfaceName = endpoint.InterfaceName;
            result.HostInterfaceName = endpoint.HostInterfaceName ?? "";
            result.MacAddress = endpoint.MacAddress;
            result.Ipv4Address = endpoint.Address;
            result.Ipv4PrefixLength = endpoint.PrefixLength;
            result.Ipv4Gateway = endpoint.Gateway;
            result.Ipv6Address = endpoint.Address6;
            result.Ipv6PrefixLength = endpoint.PrefixLength6;
            result.Ipv6Gateway = endpoint.Gateway6;
            result.HasDefaultRoute = endpoint.HasDefaultRoute || endpoint.HasDefaultRoute6;
            result.Ports.AddRange(result.HasDefaultRoute ? (member.Container.Network?.Ports ?? []).Select(Mapping.ToPort) : []);
        }

        return result;
    }

    public static NetworkRequest ToRequest(CreateNetworkRequest request) => new()
    {
        Name = request.Name,
        Driver = request.Driver,
        Subnets = [.. request.Subnets.Select(ToEngineSubnet)],
        EnableIpv4 = !request.HasEnableIpv4 || request.EnableIpv4,
        EnableIpv6 = request.HasEnableIpv6 ? request.EnableIpv6 : null,
        IsInternal = request.Internal,
        IsAttachable = request.Attachable,
        IsConfigOnly = request.ConfigOnly,
        ConfigFrom = request.ConfigFrom,
        Options = new Dictionary<string, string>(request.Options),
        Labels = new Dictionary<string, string>(request.Labels),
    };

    public static NetworkConnection ToConnection(string network, EndpointSettings? settings) => new()
    {
        Network = network,
        Address = NullIfEmpty(settings?.Ipv4Address),
        Address6 = NullIfEmpty(settings?.Ipv6Address),
        MacAddress = NullIfEmpty(settings?.MacAddress),
        Aliases = [.. settings?.Aliases ?? []],
        LinkLocalAddresses = [.. settings?.LinkLocalAddresses ?? []],
        DriverOptions = new Dictionary<string, string>(settings?.DriverOptions.ToDictionary() ?? []),
        GatewayPriority = settings?.GatewayPriority ?? 0,
    };

    public static EngineFilter ToFilter(NetworkFilter? filter) => filter is null ? new EngineFilter() : new EngineFilter
    {
        Names = filter.Names,
        Ids = filter.Ids,
        Drivers = filter.Drivers,
        Labels = filter.Labels,
        IsCustom = filter.HasCustom ? filter.Custom : null,
        IsDangling = filter.HasDangling ? filter.Dangling : null,
    };

    public static EnginePruneFilter ToFilter(NetworkPruneFilter? filter) => filter is null ? new EnginePruneFilter() : new EnginePruneFilter
    {
        Until = filter.Until?.ToDateTimeOffset(),
        Labels = filter.Labels,
        ExcludedLabels = filter.ExcludedLabels,
    };

    private static SubnetConfig ToSubnet(NetworkSubnet subnet)
    {
        var result = new SubnetConfig { Subnet = subnet.Subnet, Gateway = subnet.Gateway, IpRange = subnet.IpRange };
        result.AuxiliaryAddresses.Add(subnet.AuxiliaryAddresses.ToDictionary());
        return result;
    }

    private static NetworkSubnet ToEngineSubnet(SubnetConfig subnet) => new()
    {
        Subnet = subnet.Subnet,
        Gateway = subnet.Gateway,
        IpRange = subnet.IpRange,
        AuxiliaryAddresses = new Dictionary<string, string>(subnet.AuxiliaryAddresses),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
