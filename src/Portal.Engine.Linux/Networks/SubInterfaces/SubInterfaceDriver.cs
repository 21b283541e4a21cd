using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.SubInterfaces;

/// <summary>
/// Networks whose containers are neighbours on a cable of the host's: each gets an interface of its own beside the host's. The host has no
/// address there, translates nothing and publishes nothing, and by the kernel's design containers don't reach the host itself.
/// </summary>
internal abstract class SubInterfaceDriver(EngineOptions options) : INetworkDriver
{
    private readonly ParentLinks _parents = new(options.Name);

    public abstract string Name { get; }

    public void Ensure(NetworkDefinition network)
    {
        using var routes = RouteSocket.Open();
        var isNew = _parents.Ensure(routes, network);
        try
        {
            // A parent that is handed to a running container as a whole has no room for another.
            if (network.Settings.Mode != "passthru")
            {
                Probe(routes, network);
            }
        }
        catch when (isNew)
        {
            _parents.Remove(routes, network);
            throw;
        }
    }

    public void Remove(NetworkDefinition network)
    {
        using var routes = RouteSocket.Open();
        _parents.Remove(routes, network);
    }

    public string? HostInterfaceName(string endpointId) => null;

    public void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        using var routes = RouteSocket.Open();
        using var handle = NamespaceCalls.Open(namespacePath);
        var parent = ParentOf(routes, network);
        Add(routes, Describe(network, endpoint, parent.Index), network, (int)handle.DangerousGetHandle());
        try
        {
            InsideInterface.Configure(endpoint, namespacePath);
        }
        catch
        {
            InsideInterface.Delete(endpoint, namespacePath);
            throw;
        }
    }

    public void Route(NetworkEndpoint endpoint, string namespacePath) => InsideInterface.Route(endpoint, namespacePath);

    public void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        if (!InsideInterface.IsThere(endpoint, namespacePath))
        {
            // The parent went away, and its children with it.
            Connect(network, endpoint, namespacePath);
        }
    }

    public void Disconnect(NetworkEndpoint endpoint, string? namespacePath)
    {
        if (namespacePath is not null)
        {
            InsideInterface.Delete(endpoint, namespacePath);
        }
    }

    /// <summary>What is inside a namespace goes with it.</summary>
    public IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces) => [];

    /// <summary>An interface as the kernel shall make it.</summary>
    protected abstract SubInterface Describe(NetworkDefinition network, NetworkEndpoint endpoint, int parent);

    /// <summary>Tells at the network's making, not at the first container's start, that the kernel can't do it: by trying.</summary>
    private void Probe(RouteSocket routes, NetworkDefinition network)
    {
        var endpoint = new NetworkEndpoint { NetworkId = network.Id, NetworkName = network.Name, EndpointId = "", InterfaceName = "probe" };
        using var other = NamespaceThread.RunInNew(() => NamespaceCalls.Open("/proc/thread-self/ns/net"));

        // In a namespace that nobody else sees, which the interface ends with.
        Add(routes, Describe(network, endpoint, ParentOf(routes, network).Index), network, (int)other.DangerousGetHandle());
    }

    private static LinkState ParentOf(RouteSocket routes, NetworkDefinition network)
    {
        return routes.FindLink(network.InterfaceName) ?? throw new EngineException(
            EngineErrorKind.Unavailable,
            $"Connecting to network {network.Name} failed: its parent interface {network.InterfaceName} is gone.");
    }

    private void Add(RouteSocket routes, SubInterface made, NetworkDefinition network, int namespaceFd)
    {
        try
        {
            routes.AddSubInterface(made, namespaceFd);
        }
        catch (NetlinkException exception)
        {
            throw Explain(exception, network);
        }
    }

    private EngineException Explain(NetlinkException exception, NetworkDefinition network) => exception.ErrorNumber switch
    {
        Errno.NotSupported => EngineException.InvalidArgument(
            $"network {network.Name} can't be made: this host's kernel has no {Name} (module {Name}). Load it, or use another driver."),
        Errno.Busy => EngineException.Conflict(
            $"network {network.Name}: parent interface {network.InterfaceName} is busy: it is a port of a bridge or bond, or it has "
            + $"interfaces of another kind or mode on it, which don't go together with {Name}."),
        Errno.AddressInUse => EngineException.Conflict(
            $"network {network.Name}: another interface on {network.InterfaceName} has that MAC address."),
        _ => new EngineException(
            EngineErrorKind.Unavailable, $"Making an interface of network {network.Name} on {network.InterfaceName} failed.", exception),
    };
}
