using System.Net;
using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks;

internal sealed partial class EngineNetworks
{
    // Names of links are random; with so many tries a clash on one host is out of the question.
    private const int NameAttempts = 8;

    private SandboxRecord Connect(NetworkAttachment attachment, NetworkDefinition network)
    {
        var requests = attachment.Ports.Select(PortRequest.Parse).ToArray();
        var driver = DriverOf(network.Driver);
        var undo = new UndoStack(exception => LogUndoFailed(attachment.ContainerId, exception));
        try
        {
            var endpoint = PlanEndpoint(attachment, network, undo);
            var ports = ReservePorts(attachment, endpoint, requests, undo);

            undo.Push(() => _namespaces.Remove(attachment.ContainerId));
            var path = _namespaces.Create(attachment.ContainerId);
            endpoint = ConnectUnderFreeName(driver, network, endpoint, path);
            undo.Push(() => driver.Disconnect(endpoint));

            var sandbox = new NetworkSandbox
            {
                ContainerId = attachment.ContainerId,
                NamespacePath = path,
                Endpoints = [endpoint],
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

    private NetworkEndpoint PlanEndpoint(NetworkAttachment attachment, NetworkDefinition network, UndoStack undo)
    {
        if (attachment.MacAddress is { } asked)
        {
            HardwareAddress.Parse(asked);
        }

        Ipv4Subnet.TryParse(network.Subnet, out var subnet);
        IPAddress address;
        lock (_poolLock)
        {
            address = _pools[network.Id].Take();
        }

        var endpoint = new NetworkEndpoint
        {
            NetworkId = network.Id,
            NetworkName = network.Name,
            EndpointId = NewId(),
            Address = address.ToString(),
            PrefixLength = subnet.PrefixLength,
            Gateway = network.Gateway,
            MacAddress = attachment.MacAddress?.ToLowerInvariant() ?? HardwareAddress.FromAddress(address),
        };
        undo.Push(() => ReleaseAddress(endpoint));
        return endpoint;
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

    private static NetworkEndpoint ConnectUnderFreeName(
        INetworkDriver driver, NetworkDefinition network, NetworkEndpoint endpoint, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            var named = endpoint with { HostInterfaceName = driver.HostInterfaceName(endpoint.EndpointId) };
            try
            {
                driver.Connect(network, named, path);
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
