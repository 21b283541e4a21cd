using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>Hosts in namespaces of their own on one switch, a container on each, one network over all.</summary>
public sealed class OverlayDriverTests : IAsyncLifetime
{
    private const int Port = 8000;
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(400);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-overlay-");
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly List<OverlayNode> _nodes = [];
    private readonly List<EchoServer> _servers = [];
    private string _wire = null!;

    public OverlayDriverTests()
    {
        var options = new EngineOptions { Name = "ov", DataRoot = _folder.FullName, RunRoot = _folder.FullName };
        _namespaces = new LinuxNetworkNamespaces(options);
    }

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _namespaces.Remove("wire");
        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync()
    {
        _wire = _namespaces.Create("wire");
        await Tool.RunAsync("nsenter", $"--net={_wire}", "ip", "link", "add", "switch0", "type", "bridge");
        await Tool.RunAsync("nsenter", $"--net={_wire}", "ip", "link", "set", "switch0", "up");
        for (var number = 1; number <= 3; number++)
        {
            _nodes.Add(await OverlayNode.StartAsync(_namespaces, _folder, _wire, number));
            _servers.Add(EchoServer.Tcp(_nodes[^1].Container, Port));
            _servers.Add(EchoServer.Udp(_nodes[^1].Container, Port));
        }
    }

    [Fact]
    public async Task SetPeers_ContainersOfOtherNodes_ReachEachOtherWithTheirOwnAddresses()
    {
        TellAll();

        foreach (var from in _nodes)
        {
            foreach (var to in _nodes)
            {
                Assert.Equal(from.Address.ToString(), await EchoClient.TcpAsync(from.Container, to.Address, Port));
            }

            // The host itself, by its bridge's own address.
            Assert.Equal(from.Network.Gateway, await EchoClient.TcpAsync(from.Path, _nodes[0].Address, Port));
        }
    }

    [Fact]
    public async Task SetPeers_Again_ReplacesWhatWasTold()
    {
        TellAll();
        Assert.NotNull(await AskAsync(0, 1));

        _nodes[0].Tell(_nodes[2]);
        Assert.Null(await AskAsync(0, 1, s_short));
        Assert.NotNull(await AskAsync(0, 2));
        Assert.DoesNotContain("198.18.9.2", await _nodes[0].RunAsync("bridge", "fdb"));
        Assert.DoesNotContain("10.77.2.2", await _nodes[0].RunAsync("ip", "neighbour", "show", "dev", _nodes[0].Vxlan));

        _nodes[0].Tell(_nodes[1], _nodes[2]);
        Assert.NotNull(await AskAsync(0, 1));
    }

    [Fact]
    public async Task Cable_CutAndHealed_GoesOnWithoutBeingTold()
    {
        TellAll();
        Assert.NotNull(await AskAsync(0, 1));

        await Tool.RunAsync("nsenter", $"--net={_wire}", "ip", "link", "set", "port2", "down");
        Assert.Null(await AskAsync(0, 1, s_short));
        Assert.NotNull(await AskAsync(0, 2));

        await Tool.RunAsync("nsenter", $"--net={_wire}", "ip", "link", "set", "port2", "up");
        await Eventually.HoldsAsync(async () => await AskAsync(0, 1, s_short) is not null, "the container answers again");
    }

    [Fact]
    public async Task Stranger_OnTheSameWire_PutsNothingOntoTheBridge()
    {
        // Hosts 1 and 2 are of the network. Host 3 knows its number and addresses, and claims to be of it.
        _nodes[0].Tell(_nodes[1]);
        _nodes[1].Tell(_nodes[0]);
        _nodes[2].Tell(_nodes[0], _nodes[1]);
        Assert.NotNull(await AskAsync(0, 1));

        // What it sends is well formed: without the rules it arrives, and is answered once the host is told where to.
        Assert.Null(await EchoClient.UdpAsync(_nodes[2].Container, _nodes[0].Address, Port, s_short));
        Assert.Equal(0, await ReceivedAsync());
        _nodes[0].RemoveRules();
        Assert.Null(await EchoClient.UdpAsync(_nodes[2].Container, _nodes[0].Address, Port, s_short));
        await Eventually.HoldsAsync(async () => await ReceivedAsync() > 0, "the stranger's datagram is in the container");

        async Task<int> ReceivedAsync()
        {
            var received = await Tool.RunAsync(
                "nsenter", $"--net={_nodes[0].Container}", "sh", "-c", "grep '^Udp:' /proc/thread-self/net/snmp | tail -n 1");
            return int.Parse(received.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Frames_ToNobodyInParticular_NeverLeaveTheHost()
    {
        TellAll();

        // A broadcast, a group's, one for an address that nobody has: the bridge floods all three, into an interface that passes none on.
        foreach (var address in new[] { "10.77.255.255", "224.0.0.251", "10.77.9.9" })
        {
            await Tool.TryRunAsync(
                "nsenter", $"--net={_nodes[0].Container}", "busybox", "ping", "-c", "1", "-W", "1", "-I", "eth0", address);
        }

        Assert.Equal(0, await ReceivedAsync(_nodes[1]));
        Assert.Equal(0, await ReceivedAsync(_nodes[2]));

        // What is for somebody does arrive, and is counted.
        Assert.NotNull(await AskAsync(0, 1));
        Assert.True(await ReceivedAsync(_nodes[1]) > 0, "the counter counts");
        Assert.Equal(0, await ReceivedAsync(_nodes[2]));

        static async Task<long> ReceivedAsync(OverlayNode node)
        {
            var lines = (await node.RunAsync("ip", "-statistics", "link", "show", "dev", node.Vxlan)).Split('\n');
            var head = Array.FindIndex(lines, line => line.Contains("RX:", StringComparison.Ordinal));
            return long.Parse(
                lines[head + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Ensure_Again_KeepsWhatIsThereAndMendsWhatIsNot()
    {
        TellAll();
        _nodes[0].Ensure();
        Assert.NotNull(await AskAsync(0, 1));

        await _nodes[0].RunAsync("ip", "link", "delete", _nodes[0].Vxlan);
        _nodes[0].Ensure();
        _nodes[0].Tell(_nodes[1], _nodes[2]);
        Assert.NotNull(await AskAsync(0, 1));

        // The host has another address from now on; the interface follows.
        await _nodes[0].RunAsync("ip", "address", "add", "198.18.9.41/24", "dev", "eth0");
        _nodes[0].EnsureAt("198.18.9.41");
        Assert.Contains("local 198.18.9.41", await _nodes[0].RunAsync("ip", "-details", "link", "show", "dev", _nodes[0].Vxlan));
        var error = Assert.Throws<EngineException>(() => _nodes[0].EnsureAt("198.18.9.99"));
        Assert.Contains("does not have the address 198.18.9.99", error.Message);
    }

    [Fact]
    public async Task Links_AreSmallerThanTheWire_AndGoWithTheNetwork()
    {
        Assert.Contains("mtu 1450", await _nodes[0].RunAsync("ip", "link", "show", "dev", _nodes[0].Vxlan));
        Assert.Contains(
            "mtu 1450", await Tool.RunAsync("nsenter", $"--net={_nodes[0].Container}", "ip", "link", "show", "dev", "eth0"));

        _nodes[0].RemoveNetwork();
        var left = await _nodes[0].RunAsync("ip", "-brief", "link");
        Assert.DoesNotContain(_nodes[0].Network.InterfaceName, left);
        Assert.DoesNotContain(_nodes[0].Vxlan, left);
        _nodes[0].RemoveNetwork();
    }

    private void TellAll() => _nodes.ForEach(node => node.Tell([.. _nodes.Where(other => other != node)]));

    private Task<string?> AskAsync(int from, int to, TimeSpan? patience = null) =>
        EchoClient.TcpAsync(_nodes[from].Container, _nodes[to].Address, Port, patience);
}
