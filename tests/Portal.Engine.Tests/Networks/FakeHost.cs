using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Tests.Networks;

/// <summary>A host in memory: what the engine asked of it, and a step that fails when told to.</summary>
internal sealed class FakeHost : INetworkDriver, INetworkNamespaces, INetworkFirewall, IHostPorts, IHostSubnets, INameServerSockets
{
    private readonly Lock _lock = new();

    public HashSet<string> Namespaces { get; } = [];

    public HashSet<string> Links { get; } = [];

    public HashSet<(PortProtocol Protocol, int Port)> Held { get; } = [];

    public HashSet<int> HostProcesses { get; } = [];

    public HashSet<PublishedPort> Rules { get; } = [];

    /// <summary>Links of the networks that the rules know.</summary>
    public HashSet<string> Ruled { get; } = [];

    public IReadOnlyList<BalancedPort> Balanced { get; private set; } = [];

    public List<IpSubnet> UsedSubnets { get; } = [];

    /// <summary>Sockets of the name server; null where it gets none.</summary>
    public ConcurrentQueue<Socket>? Asked { get; set; }

    /// <summary>Name of the call that fails.</summary>
    public string? Failing { get; set; }

    /// <summary>Called with the name of each call before it is made; may wait.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    public string Name => "bridge";

    public (int First, int Last) RandomRange => (40000, 40003);

    public void Ensure(NetworkDefinition network) => Do(nameof(Ensure), () => Links.Add(network.InterfaceName));

    public void Remove(NetworkDefinition network) => Do(nameof(Remove), () => Links.Remove(network.InterfaceName));

    public string HostInterfaceName(string endpointId) => "link-" + endpointId[..8];

    public void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        Do(nameof(Connect), () => Links.Add(endpoint.HostInterfaceName!));
    }

    public void Route(NetworkEndpoint endpoint, string namespacePath) => Do(nameof(Route), () => { });

    public void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        Do(nameof(Repair), () => Links.Add(endpoint.HostInterfaceName!));
    }

    public void Disconnect(NetworkEndpoint endpoint, string? namespacePath) =>
        Do(nameof(Disconnect), () => Links.Remove(endpoint.HostInterfaceName!));

    public IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces)
    {
        lock (_lock)
        {
            var strays = Links
                .Where(link => link.StartsWith("link-", StringComparison.Ordinal) && !hostInterfaces.Contains(link))
                .ToArray();
            Links.ExceptWith(strays);
            return strays;
        }
    }

    public string Create(string id, string? userNamespace = null)
    {
        Do(nameof(Create), () => Namespaces.Add(id));
        return PathOf(id);
    }

    public string PathOf(string id) => "/netns/" + id;

    public string? Find(string id)
    {
        lock (_lock)
        {
            return Namespaces.Contains(id) ? PathOf(id) : null;
        }
    }

    public void Remove(string id) => Do("RemoveNamespace", () => Namespaces.Remove(id));

    public IReadOnlyList<string> List() => [.. Namespaces];

    public void Apply(FirewallPlan plan)
    {
        Do(nameof(Apply), () =>
        {
            Rules.Clear();
            Rules.UnionWith(plan.Ports);
            Ruled.Clear();
            Ruled.UnionWith(plan.Networks.Select(network => network.InterfaceName));
        });
    }

    public void Publish(IReadOnlyList<PublishedPort> ports) => Do(nameof(Publish), () => Rules.UnionWith(ports));

    public void Withdraw(IReadOnlyList<PublishedPort> ports) => Do(nameof(Withdraw), () => Rules.ExceptWith(ports));

    public void Balance(IReadOnlyList<BalancedPort> ports) => Do(nameof(Balance), () => Balanced = ports);

    public void Remove()
    {
        Do("RemoveRules", () =>
        {
            Rules.Clear();
            Ruled.Clear();
        });
    }

    public IDisposable? TryHold(PortProtocol protocol, IPAddress address, int port)
    {
        lock (_lock)
        {
            return HostProcesses.Contains(port) || !Held.Add((protocol, port)) ? null : new Hold(this, protocol, port);
        }
    }

    public Task<IDisposable> LockChoiceAsync(CancellationToken cancellationToken)
    {
        return Task.FromResult<IDisposable>(new Hold(this, PortProtocol.Tcp, 0));
    }

    public IReadOnlyList<IpSubnet> Used(string exceptInterface) => UsedSubnets;

    public Socket Open(SocketType type, IPEndPoint place, string? namespacePath)
    {
        if (Asked is not { } asked)
        {
            throw new SocketException((int)SocketError.AddressNotAvailable);
        }

        // Somewhere: the gateway is no address of this machine.
        var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (type == SocketType.Stream)
        {
            socket.Listen();
        }

        asked.Enqueue(socket);
        return socket;
    }

    private void Do(string call, Action action)
    {
        OnCall(call);
        lock (_lock)
        {
            if (Failing == call)
            {
                throw new EngineException(EngineErrorKind.Unavailable, call + " failed");
            }

            action();
        }
    }

    private sealed class Hold(FakeHost host, PortProtocol protocol, int port) : IDisposable
    {
        public void Dispose() => host.Held.Remove((protocol, port));
    }
}
