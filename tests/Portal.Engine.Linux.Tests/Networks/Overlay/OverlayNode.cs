using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Linux.Networks.Overlay;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.State;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>One host of a network that spans hosts: a namespace with the driver and the packet rules in it, and one container.</summary>
internal sealed class OverlayNode : IAsyncDisposable
{
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly NftablesFirewall _firewall;
    private readonly OverlayDriver _driver;
    private readonly NetworkEndpoint _endpoint;
    private readonly int _number;
    private BalancedPort[] _balanced = [];

    private OverlayNode(LinuxNetworkNamespaces namespaces, EngineOptions options, int number)
    {
        _namespaces = namespaces;
        _number = number;
        _driver = new OverlayDriver(options);
        _firewall = new NftablesFirewall(options, NullLogger<NftablesFirewall>.Instance);
        Path = namespaces.Create($"node{number}");
        Container = namespaces.Create($"container{number}");
        var id = new string('a', 64);
        Network = new NetworkDefinition
        {
            Id = id,
            Name = "mesh",
            Driver = "overlay",
            Created = default,
            InterfaceName = options.Name + "b" + id[..4],
            Subnet = "10.77.0.0/16",
            Gateway = $"10.77.{number}.1",
            IpRange = $"10.77.{number}.0/24",
            IsSubnetFixed = true,
            Overlay = new OverlayPlace(id, 4097, $"198.18.9.{number}"),
        };
        var address = IPAddress.Parse($"10.77.{number}.2");
        _endpoint = new NetworkEndpoint
        {
            NetworkId = id,
            NetworkName = "mesh",
            EndpointId = new string((char)('0' + number), 64),
            Address = address.ToString(),
            PrefixLength = 16,
            Gateway = Network.Gateway,
            MacAddress = HardwareAddress.FromAddress(address),
        };
    }

    /// <summary>The host's namespace.</summary>
    public string Path { get; }

    /// <summary>The container's namespace.</summary>
    public string Container { get; }

    public NetworkDefinition Network { get; }

    public IPAddress Address => IPAddress.Parse(_endpoint.Address);

    /// <summary>The VXLAN interface's name.</summary>
    public string Vxlan => new VxlanNames(Name).For(Network.Id);

    private static string Name => "mesh";

    /// <summary>How the others see it.</summary>
    public OverlayPeer Peer => new(Network.Overlay!.NodeAddress)
    {
        Endpoints =
        [
            new OverlayEndpoint(Network.Gateway, HardwareAddress.FromAddress(IPAddress.Parse(Network.Gateway))),
            new OverlayEndpoint(_endpoint.Address, _endpoint.MacAddress) { Names = [$"web{_number}"] },
        ],
    };

    /// <summary>Makes a host, its end of a cable into a switch, the network and the container.</summary>
    public static async Task<OverlayNode> StartAsync(LinuxNetworkNamespaces namespaces, DirectoryInfo folder, string wire, int number)
    {
        var options = new EngineOptions { Name = Name, DataRoot = folder.FullName, RunRoot = folder.FullName };
        var node = new OverlayNode(namespaces, options, number);
        await Tool.RunAsync(
            "nsenter", $"--net={wire}", "ip", "link", "add", $"port{number}", "master", "switch0", "type", "veth",
            "peer", "name", "eth0", "netns", node.Path);
        await Tool.RunAsync("nsenter", $"--net={wire}", "ip", "link", "set", $"port{number}", "up");
        await node.RunAsync("ip", "address", "add", $"198.18.9.{number}/24", "dev", "eth0");
        await node.RunAsync("ip", "link", "set", "eth0", "up");
        node.Ensure();
        var named = node._endpoint with { HostInterfaceName = node._driver.HostInterfaceName(node._endpoint.EndpointId) };
        node.Do(() => node._driver.Connect(node.Network, named, node.Container));
        return node;
    }

    public Task<string> RunAsync(params string[] command) => Tool.RunAsync("nsenter", [$"--net={Path}", .. command]);

    /// <summary>As the engine does when it starts.</summary>
    public void Ensure() => Do(() => _driver.Ensure(Network));

    /// <summary>Moves the host to another address of its own.</summary>
    public void EnsureAt(string address) =>
        Do(() => _driver.Ensure(Network with { Overlay = Network.Overlay! with { NodeAddress = address } }));

    /// <summary>Tells the host of the others.</summary>
    public void Tell(params OverlayNode[] others)
    {
        OverlayPeer[] peers = [.. others.Select(other => other.Peer)];
        Do(() =>
        {
            _driver.SetPeers(Network, peers);
            _firewall.Apply(new FirewallPlan(
                [
                    new FirewallNetwork(Network.InterfaceName)
                    {
                        Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("10.77.0.0"), 16)) { IsHidden = true },
                        Overlay = new FirewallOverlay(
                            Network.Overlay!.Port, Network.Overlay.Vni, [.. peers.Select(peer => IPAddress.Parse(peer.NodeAddress))]),
                    },
                ],
                []));
        });
    }

    /// <summary>Has the host answer at ports with containers of several hosts.</summary>
    public void Balance(params BalancedPort[] ports)
    {
        var (published, withdrawn) = IngressRules.Flows(_balanced, ports);
        _balanced = ports;
        Do(() =>
        {
            _firewall.Balance(ports);

            // The firewall's own turn at it comes in the background, which is in no namespace of a test.
            Conntrack.Forget(published.Where(IsUdp), withdrawn.Where(IsUdp));
        });

        static bool IsUdp(PublishedPort port) => port.Protocol == PortProtocol.Udp;
    }

    /// <summary>The host's rules.</summary>
    public Task<string> RulesAsync() => RunAsync("nft", "list", "table", "inet", Name);

    /// <summary>Takes the rules away: what then comes through is what they held off.</summary>
    public void RemoveRules() => Do(_firewall.Remove);

    public void RemoveNetwork() => Do(() => _driver.Remove(Network));

    public async ValueTask DisposeAsync()
    {
        await _firewall.DisposeAsync();
        _namespaces.Remove($"container{_number}");
        _namespaces.Remove($"node{_number}");
    }

    private void Do(Action action) => NamespaceThread.Run(Path, () =>
    {
        action();
        return 0;
    });
}
