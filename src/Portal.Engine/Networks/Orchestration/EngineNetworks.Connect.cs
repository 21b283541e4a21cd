using System.Net;
using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

internal sealed partial class EngineNetworks
{
    // Names of links are random; with so many tries a clash on one host is out of the question.
    private const int NameAttempts = 8;

    private SandboxRecord Connect(NetworkAttachment attachment)
    {
        var requests = attachment.Ports.Select(PortRequest.Parse).ToArray();
        var wishes = WishesOf(attachment);
        var undo = new UndoStack(exception => LogUndoFailed(attachment.ContainerId, exception));
        try
        {
            var endpoints = new List<NetworkEndpoint>();
            foreach (var (network, connection) in wishes)
            {
                var isWayOut = !network.IsInternal && !endpoints.Exists(endpoint => endpoint.HasDefaultRoute);
                endpoints.Add(PlanEndpoint(network, connection, $"eth{endpoints.Count}", isWayOut, undo));
            }

            // Nothing from outside comes to internal networks, so no port is taken for them either.
            var way = endpoints.Find(endpoint => endpoint.HasDefaultRoute);
            IReadOnlyList<PortBinding> ports = way is null ? [] : ReservePorts(attachment, way, requests, undo);

            undo.Push(() => _namespaces.Remove(attachment.ContainerId));
            var path = _namespaces.Create(attachment.ContainerId, attachment.UserNamespacePath);
            for (var index = 0; index < endpoints.Count; index++)
            {
                endpoints[index] = ConnectUnderFreeName(wishes[index].Network, endpoints[index], path, undo);
            }

            var sandbox = new NetworkSandbox
            {
                ContainerId = attachment.ContainerId,
                NamespacePath = path,
                Endpoints = endpoints,
                Ports = ports,
            };
            var record = new SandboxRecord(attachment, sandbox);
            undo.Push(() => _records.Delete(attachment.ContainerId));
            _records.Save(attachment.ContainerId, record);
            _firewall.Publish(Published(sandbox));
            return record;
        }
        catch
        {
            undo.Run();
            throw;
        }
    }

    private List<(NetworkDefinition Network, NetworkConnection Connection)> WishesOf(NetworkAttachment attachment)
    {
        var wishes = ConnectionsOf(attachment).Select(connection => (FindJoinable(connection.Network), connection)).ToList();
        return wishes.DistinctBy(wish => wish.Item1.Id).Count() == wishes.Count
            ? wishes
            : throw EngineException.InvalidArgument("A container can't be connected to the same network twice.");
    }

    private static IReadOnlyList<NetworkConnection> ConnectionsOf(NetworkAttachment attachment)
    {
        return attachment.Networks.Count > 0 || attachment.Mode == "none"
            ? attachment.Networks
            : [new NetworkConnection { Network = attachment.Mode, MacAddress = attachment.MacAddress }];
    }

    private NetworkDefinition FindJoinable(string name)
    {
        var network = FindNetwork(name);
        return network.Driver is NetworkCatalog.HostDriver or NetworkCatalog.NullDriver
            ? throw EngineException.InvalidArgument($"container cannot be connected to network {network.Name} together with others")
            : network;
    }

    private NetworkEndpoint PlanEndpoint(
        NetworkDefinition network, NetworkConnection connection, string interfaceName, bool isWayOut, UndoStack undo)
    {
        if (connection.MacAddress is { Length: > 0 } asked)
        {
            HardwareAddress.Parse(asked);
        }

        if (connection is { Address6.Length: > 0 } or { LinkLocalAddresses.Count: > 0 } or { DriverOptions.Count: > 0 })
        {
            throw EngineException.InvalidArgument(
                "IPv6 addresses, link-local addresses and driver options of endpoints are not available in this engine yet");
        }

        if (connection.Aliases.Count > 0 && network.IsPredefined)
        {
            throw EngineException.InvalidArgument("network-scoped alias is supported only for containers in user defined networks");
        }

        Ipv4Subnet.TryParse(network.Subnet, out var subnet);
        var address = TakeAddress(network, connection.Address);
        var endpoint = new NetworkEndpoint
        {
            NetworkId = network.Id,
            NetworkName = network.Name,
            EndpointId = NewId(),
            InterfaceName = interfaceName,
            Address = address.ToString(),
            PrefixLength = subnet.PrefixLength,
            Gateway = network.Gateway,
            HasDefaultRoute = isWayOut,
            MacAddress = connection.MacAddress is { Length: > 0 } mac ? mac.ToLowerInvariant() : HardwareAddress.FromAddress(address),
        };
        undo.Push(() => ReleaseAddress(endpoint));
        return endpoint;
    }

    private IPAddress TakeAddress(NetworkDefinition network, string? asked)
    {
        if (string.IsNullOrEmpty(asked))
        {
            lock (_poolLock)
            {
                return _pools[network.Id].Take();
            }
        }

        if (!network.IsSubnetFixed)
        {
            throw EngineException.InvalidArgument(network.IsPredefined
                ? "user specified IP address is supported on user defined networks only"
                : "user specified IP address is supported only when connecting to networks with user configured subnets");
        }

        Ipv4Subnet.TryParse(network.Subnet, out var subnet);
        if (!Ipv4Subnet.TryParseAddress(asked, out var address) || !subnet.Contains(address))
        {
            throw EngineException.InvalidArgument(
                $"invalid endpoint settings: no configured subnet contains IP address {asked}: network {network.Name} has {subnet}");
        }

        lock (_poolLock)
        {
            return _pools[network.Id].TryTake(address)
                ? address
                : throw EngineException.Conflict($"Address already in use: {asked} on network {network.Name}");
        }
    }

    private IReadOnlyList<PortBinding> ReservePorts(
        NetworkAttachment attachment, NetworkEndpoint endpoint, PortRequest[] requests, UndoStack undo)
    {
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
                + $"({endpoint.EndpointId[..12]}): {exception.Message}",
                exception);
        }
    }

    private NetworkEndpoint ConnectUnderFreeName(NetworkDefinition network, NetworkEndpoint endpoint, string path, UndoStack undo)
    {
        var driver = DriverOf(network.Driver);
        for (var attempt = 1; ; attempt++)
        {
            var named = endpoint with { HostInterfaceName = driver.HostInterfaceName(endpoint.EndpointId) };
            try
            {
                driver.Connect(network, named, path);
                undo.Push(() => driver.Disconnect(named));
                return named;
            }
            catch (EngineException exception) when (exception.Kind == EngineErrorKind.AlreadyExists && attempt < NameAttempts)
            {
                // The name comes from the id, and another endpoint has it.
                endpoint = endpoint with { EndpointId = NewId() };
            }
        }
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
