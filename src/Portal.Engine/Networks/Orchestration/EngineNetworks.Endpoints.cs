using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>Which addresses an endpoint gets, and over which the container goes out.</summary>
internal sealed partial class EngineNetworks
{
    private NetworkEndpoint PlanEndpoint(
        NetworkDefinition network, NetworkConnection connection, IReadOnlyCollection<NetworkEndpoint> present, UndoStack undo)
    {
        if (connection.MacAddress is { Length: > 0 } asked)
        {
            HardwareAddress.Parse(asked);
        }

        if (connection.Aliases.Count > 0 && network.IsPredefined)
        {
            throw EngineException.InvalidArgument("network-scoped alias is supported only for containers in user defined networks");
        }

        var address = TakeAddress(network, connection.Address, isIpv6: false, undo);
        var address6 = TakeAddress(network, connection.Address6, isIpv6: true, undo);
        var settings = network.Settings;
        var name = FreeInterface(settings.InterfacePrefix, present);
        return new NetworkEndpoint
        {
            NetworkId = network.Id,
            NetworkName = network.Name,
            EndpointId = NewId(),
            InterfaceName = name,
            Address = address?.ToString() ?? "",
            PrefixLength = address is null ? 0 : PrefixOf(network.Subnet),
            Gateway = address is null || settings.Mode4 == GatewayMode.Isolated ? "" : network.Gateway,
            Address6 = address6?.ToString() ?? "",
            PrefixLength6 = address6 is null ? 0 : PrefixOf(network.Subnet6),
            Gateway6 = address6 is null || settings.Mode6 == GatewayMode.Isolated ? "" : network.Gateway6,
            LinkLocalAddresses = [.. connection.LinkLocalAddresses.Select(LinkLocal)],
            Sysctls = EndpointOptions.Sysctls(connection.DriverOptions, name),
            Ingress = EndpointOptions.Ingress(connection.DriverOptions, network),
            HasDefaultRoute = false,
            GatewayPriority = connection.GatewayPriority,
            NameServer = NameServerOf(network),
            MacAddress = connection.MacAddress is { Length: > 0 } mac
                ? mac.ToLowerInvariant()
                : HardwareAddress.FromAddress(address ?? address6 ?? throw NoAddress(network)),
        };
    }

    private IPAddress? TakeAddress(NetworkDefinition network, string? asked, bool isIpv6, UndoStack undo)
    {
        var hasFamily = isIpv6 ? network.HasIpv6 : network.HasIpv4;
        IPAddress taken;
        if (string.IsNullOrEmpty(asked))
        {
            if (!hasFamily)
            {
                return null;
            }

            taken = _addresses.Take(network.Id, isIpv6);
        }
        else
        {
            taken = TakeGiven(network, asked, isIpv6);
        }

        undo.Push(() => _addresses.Release(network.Id, taken));
        return taken;
    }

    private IPAddress TakeGiven(NetworkDefinition network, string asked, bool isIpv6)
    {
        if (!(isIpv6 ? network.IsSubnet6Fixed : network.IsSubnetFixed))
        {
            throw EngineException.InvalidArgument(network.IsPredefined
                ? "user specified IP address is supported on user defined networks only"
                : "user specified IP address is supported only when connecting to networks with user configured subnets");
        }

        IpSubnet.TryParse(isIpv6 ? network.Subnet6 : network.Subnet, out var subnet);
        if (!IpSubnet.TryParseAddress(asked, out var address) || !subnet.Contains(address))
        {
            throw EngineException.InvalidArgument(
                $"invalid endpoint settings: no configured subnet contains IP address {asked}: network {network.Name} has {subnet}");
        }

        if (network.Overlay is not null && !(IpSubnet.TryParse(network.IpRange, out var own) && own.Contains(address)))
        {
            throw EngineException.InvalidArgument(
                $"invalid endpoint settings: {asked} is not this node's to give: of network {network.Name} it has {network.IpRange}, "
                + "other nodes have the rest");
        }

        return _addresses.TryTake(network.Id, address)
            ? address
            : throw EngineException.Conflict($"Address already in use: {asked} on network {network.Name}");
    }

    /// <summary>Sends each family over the endpoint with the highest priority, the first among equals, that leads outside.</summary>
    private IReadOnlyList<NetworkEndpoint> ChooseWays(IReadOnlyList<NetworkEndpoint> endpoints)
    {
        var way = endpoints.Where(endpoint => LeadsOut(endpoint, endpoint.Address, endpoint.Gateway)).MaxBy(Rank);
        var way6 = endpoints.Where(endpoint => LeadsOut(endpoint, endpoint.Address6, endpoint.Gateway6)).MaxBy(Rank);
        return [.. endpoints.Select(endpoint => endpoint with
        {
            HasDefaultRoute = endpoint.EndpointId == way?.EndpointId,
            HasDefaultRoute6 = endpoint.EndpointId == way6?.EndpointId,
        })];

        // MaxBy takes the first of equals; what has the route already keeps it, so that nothing moves without need.
        static (int, bool) Rank(NetworkEndpoint endpoint) =>
            (endpoint.GatewayPriority, endpoint.HasDefaultRoute || endpoint.HasDefaultRoute6);
    }

    private bool LeadsOut(NetworkEndpoint endpoint, string address, string gateway)
    {
        return address.Length > 0
            && _catalog.Find(endpoint.NetworkId) is { IsInternal: false } network
            && (gateway.Length > 0 || network.Driver == NetworkCatalog.IpvlanDriver)
            && (network.HasBridge || network.Settings.Parent.Length > 0);
    }

    private IReadOnlyList<PortBinding> ReservePorts(NetworkAttachment attachment, IReadOnlyList<NetworkEndpoint> endpoints, UndoStack undo)
    {
        var way = Publishing(endpoints.FirstOrDefault(endpoint => endpoint.HasDefaultRoute), settings => settings.Mode4);
        var way6 = Publishing(endpoints.FirstOrDefault(endpoint => endpoint.HasDefaultRoute6), settings => settings.Mode6);
        if (attachment.Ports.Count == 0 || (way is null && way6 is null))
        {
            // Nothing from outside comes to internal networks, and routed ones need no port of the host.
            return [];
        }

        var unnamed = _catalog.Find((way ?? way6)!.NetworkId)?.Settings.HostBinding ?? "";
        var requests = attachment.Ports.Select(port => PortRequest.Parse(port, way is not null, way6 is not null, unnamed)).ToArray();
        try
        {
            var ports = _ports.Reserve(requests);
            undo.Push(() => _ports.Release(ports));
            return ports;
        }
        catch (EngineException exception)
        {
            // The words in front are Docker's, which people and tools search for.
            throw new EngineException(
                exception.Kind,
                $"driver failed programming external connectivity on endpoint {attachment.ContainerName} "
                + $"({(way ?? way6)!.EndpointId[..12]}): {exception.Message}",
                exception);
        }
    }

    /// <summary>The endpoint, when ports of the host lead to it.</summary>
    private NetworkEndpoint? Publishing(NetworkEndpoint? way, Func<NetworkOptions, GatewayMode> mode)
    {
        return way is not null
            && _catalog.Find(way.NetworkId) is { HasBridge: true } network
            && mode(network.Settings) is GatewayMode.Nat or GatewayMode.NatUnprotected ? way : null;
    }

    private static string NameServerOf(NetworkDefinition network)
    {
        if (network.IsPredefined)
        {
            return "";
        }

        var settings = network.Settings;
        var isThere = network.HasBridge;
        return (isThere, network) switch
        {
            (true, { HasIpv4: true }) when settings is { Mode4: not GatewayMode.Isolated, InhibitsGateway: false } => network.Gateway,
            (true, { HasIpv6: true }) when settings.Mode6 != GatewayMode.Isolated => network.Gateway6,
            _ => Dns.NameTable.InsideAddress,
        };
    }

    private static int PrefixOf(string text) => IpSubnet.TryParse(text, out var subnet) ? subnet.PrefixLength : 0;

    private static EngineException NoAddress(NetworkDefinition network) =>
        new(EngineErrorKind.Internal, $"Network {network.Name} gives no addresses.");

    private static string LinkLocal(string text)
    {
        return IpSubnet.TryParseAddress(text, out var address)
            ? address.ToString()
            : throw EngineException.InvalidArgument($"invalid link-local IP address: {text}");
    }

    private static string FreeInterface(string prefix, IReadOnlyCollection<NetworkEndpoint> present)
    {
        for (var index = 0; ; index++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}");
            if (present.All(endpoint => endpoint.InterfaceName != name))
            {
                return name;
            }
        }
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
