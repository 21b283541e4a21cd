using Portal.Engine.Errors;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

internal sealed partial class EngineNetworks
{
    // Names of links are random; with so many tries a clash on one host is out of the question.
    private const int NameAttempts = 8;

    private SandboxRecord Connect(NetworkAttachment attachment, AttachProgress progress)
    {
        var wishes = WishesOf(attachment);
        var undo = new UndoStack(exception => LogUndoFailed(attachment.ContainerId, exception));
        try
        {
            var planned = new List<NetworkEndpoint>();
            foreach (var (network, connection) in wishes)
            {
                planned.Add(PlanEndpoint(network, connection, planned, undo));
            }

            var endpoints = ChooseWays(planned).ToArray();
            var ports = ReservePorts(attachment, endpoints, undo);
            var sandbox = new NetworkSandbox
            {
                ContainerId = attachment.ContainerId,
                NamespacePath = _namespaces.PathOf(attachment.ContainerId),
                Endpoints = [.. endpoints],
                Ports = ports,
            };
            progress.Plan(sandbox);
            undo.Push(() => _namespaces.Remove(attachment.ContainerId));
            var path = _namespaces.Create(attachment.ContainerId, attachment.UserNamespacePath);
            progress.HasNamespace();
            for (var index = 0; index < endpoints.Length; index++)
            {
                endpoints[index] = ConnectUnderFreeName(wishes[index].Network, endpoints[index], path, undo);
            }

            var record = new SandboxRecord(attachment, sandbox with { NamespacePath = path, Endpoints = endpoints });
            undo.Push(() => _records.Delete(attachment.ContainerId));
            _records.Save(attachment.ContainerId, record);
            _firewall.Publish(Published(record));
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
        if (network.IsConfigOnly)
        {
            throw EngineException.InvalidArgument(
                $"network {network.Name} holds settings alone (--config-only); no container can be on it");
        }

        return network.Driver is NetworkCatalog.HostDriver or NetworkCatalog.NullDriver
            ? throw EngineException.InvalidArgument($"container cannot be connected to network {network.Name} together with others")
            : network;
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
                undo.Push(() => driver.Disconnect(named, path));
                return named;
            }
            catch (EngineException exception) when (exception.Kind == EngineErrorKind.AlreadyExists && attempt < NameAttempts)
            {
                // The name comes from the id, and another endpoint has it.
                endpoint = endpoint with { EndpointId = NewId() };
            }
        }
    }
}
