using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Ingress;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>
/// Ports at which every node answers: hosts in namespaces on one switch, a container on each, and a client beside them that knows the
/// hosts alone.
/// </summary>
public sealed class IngressTests : IAsyncLifetime
{
    private const int Port = 8080;
    private const int ContainerPort = 80;
    private static readonly IngressPort s_tcp = new(PortProtocol.Tcp, Port);
    private static readonly IngressPort s_udp = new(PortProtocol.Udp, Port);
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_try = TestSettings.Within(TimeSpan.FromSeconds(1));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-ingress-");
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly List<OverlayNode> _nodes = [];
    private readonly List<NamedServer> _servers = [];
    private string _wire = null!;
    private string _client = null!;

    public IngressTests()
    {
        _namespaces = new LinuxNetworkNamespaces(
            new EngineOptions { Name = "in", DataRoot = _folder.FullName, RunRoot = _folder.FullName });
    }

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _namespaces.Remove("client");
        _namespaces.Remove("wire");
        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync()
    {
        _wire = _namespaces.Create("wire");
        _client = _namespaces.Create("client");
        await Inside(_wire, "ip", "link", "add", "switch0", "type", "bridge");
        await Inside(_wire, "ip", "link", "set", "switch0", "up");
        await Inside(_wire, "ip", "link", "add", "portc", "master", "switch0", "type", "veth", "peer", "name", "eth0", "netns", _client);
        await Inside(_wire, "ip", "link", "set", "portc", "up");
        await Inside(_client, "ip", "address", "add", "198.18.9.100/24", "dev", "eth0");
        await Inside(_client, "ip", "link", "set", "eth0", "up");
        for (var number = 1; number <= 3; number++)
        {
            _nodes.Add(await OverlayNode.StartAsync(_namespaces, _folder, _wire, number));
            _servers.Add(NamedServer.Start(_nodes[^1].Container, ContainerPort, $"c{number}"));
        }

        _nodes.ForEach(node => node.Tell([.. _nodes.Where(other => other != node)]));
    }

    [Fact]
    public async Task Port_OnEveryNode_AnswersWithEachReplicaInTurn()
    {
        BalanceAll(0, 1);

        foreach (var node in _nodes)
        {
            // Also from itself: by its own address, and by the loopback one, which most people try first.
            Assert.Equal(["c1", "c1", "c2", "c2"], await AskAsync(node, 4));
            Assert.Equal(["c1", "c2"], await AskAsync(node.Path, HostOf(node), 2));
            Assert.Equal(["c1", "c2"], await AskAsync(node.Path, IPAddress.Loopback, 2));

            // A container of the network reaches it by the host's address too.
            Assert.Equal(["c1", "c2"], await AskAsync(node.Container, HostOf(node), 2));
        }
    }

    [Fact]
    public async Task Datagrams_OfOneSender_StayWithOneReplicaUntilItLeaves()
    {
        BalanceAll(0, 1, 2);
        using var socket = EchoServer.Make(_client, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(HostOf(_nodes[2]), Port));

        var first = await SayAsync(socket);
        for (var again = 0; again < 5; again++)
        {
            Assert.Equal(first, await SayAsync(socket));
        }

        // From then on what it sends goes to one of the others.
        var gone = int.Parse(first[1..], System.Globalization.CultureInfo.InvariantCulture) - 1;
        BalanceAll([.. new[] { 0, 1, 2 }.Where(number => number != gone)]);
        await Eventually.HoldsAsync(async () => await SayAsync(socket) != first, "the datagrams reach another replica");
    }

    [Fact]
    public async Task Connection_OfAReplicaThatLeaves_GoesOnWhileNewOnesGoElsewhere()
    {
        BalanceAll(0, 1);
        using var open = EchoServer.Make(_client, SocketType.Stream, ProtocolType.Tcp);
        await open.ConnectAsync(new IPEndPoint(HostOf(_nodes[2]), Port));
        var replica = await SayAsync(open);

        BalanceAll(replica == "c1" ? 1 : 0);
        Assert.DoesNotContain(replica, await AskAsync(_nodes[2], 6));
        Assert.Equal(replica, await SayAsync(open));
        Assert.Equal(replica, await SayAsync(open));
    }

    [Fact]
    public async Task Cable_CutAndHealed_ReachesTheReplicaAgain()
    {
        BalanceAll(1);
        Assert.Equal(["c2"], await AskAsync(_nodes[0], 1));

        await Inside(_wire, "ip", "link", "set", "port2", "down");
        Assert.Null(await OneAsync(_client, HostOf(_nodes[0]), s_short));

        // The others are told, and lead to a replica that is there.
        _nodes[0].Balance(Balanced(s_tcp, 0), Balanced(s_udp, 0));
        Assert.Equal(["c1"], await AskAsync(_nodes[0], 1));
        await Inside(_wire, "ip", "link", "set", "port2", "up");
        BalanceAll(0, 1);
        await Eventually.HoldsAsync(
            async () => await OneAsync(_client, HostOf(_nodes[0]), s_try) == "c2", "the replica behind the cable answers again");
    }

    [Fact]
    public async Task Replicas_ReplacedOneAfterAnother_LoseNothing()
    {
        BalanceAll(0, 1, 2);
        await using var load = new IngressLoad(_client, [.. _nodes.Select(HostOf)], Port);
        await load.GoOnAsync(12);

        foreach (var number in new[] { 0, 1, 2 })
        {
            // Told one node after another, as it happens: some still lead to it while others do not.
            BalanceAll([.. new[] { 0, 1, 2 }.Where(other => other != number)]);
            await load.GoOnAsync(5);
            await Eventually.HoldsAsync(() => _servers[number].Open == 0, "what was on its way is answered");
            _servers[number].Dispose();
            await load.GoOnAsync(5);
            _servers[number] = NamedServer.Start(_nodes[number].Container, ContainerPort, $"n{number + 1}");
            BalanceAll(0, 1, 2);
            await load.GoOnAsync(5);
        }

        Assert.Equal(0, load.Lost);
        Assert.Equal(["c1", "c2", "c3", "n1", "n2", "n3"], load.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Replica_EndedWhileItIsLedTo_LosesSomeUntilItLeaves()
    {
        BalanceAll(0, 1);
        await using var load = new IngressLoad(_client, [.. _nodes.Select(HostOf)], Port);
        await load.GoOnAsync(3);
        _servers[0].Dispose();
        await Eventually.HoldsAsync(() => load.Lost > 0, "the load notices");

        BalanceAll(1);
        await load.GoOnAsync(3);
        var lost = load.Lost;
        await load.GoOnAsync(12);

        Assert.Equal(lost, load.Lost);
    }

    [Fact]
    public async Task Rules_FlushedByOthers_AreThereAgain()
    {
        BalanceAll(0, 1);
        await _nodes[2].RunAsync("nft", "flush", "ruleset");

        await Eventually.HoldsAsync(
            async () => (await AskAsync(_nodes[2], 2)).SequenceEqual(["c1", "c2"]), "the node answers at its port again");
    }

    [Fact]
    public async Task Balance_Changed_LeavesNothingOfWhatWas()
    {
        BalanceAll(0, 1);
        _nodes[0].Balance(new BalancedPort(new IngressPort(PortProtocol.Tcp, 9090), [Target(1)]));
        Assert.Equal(["c2"], await AskAsync(_client, HostOf(_nodes[0]), 1, 9090));
        Assert.Null(await OneAsync(_client, HostOf(_nodes[0]), s_short));
        Assert.DoesNotContain("8080", await _nodes[0].RulesAsync());

        // What packets may still pass stays for one change, no longer.
        _nodes[0].Balance();
        _nodes[0].Balance(new BalancedPort(s_udp, [Target(2)]));
        var rules = await _nodes[0].RulesAsync();
        Assert.DoesNotContain("9090", rules);
        Assert.DoesNotContain(_nodes[0].Address.ToString(), rules);
        Assert.DoesNotContain(_nodes[1].Address.ToString(), rules);
    }

    [Fact]
    public async Task Source_OfWhatIsForwarded_IsTheNodesOwnOnTheNetwork()
    {
        BalanceAll(1);
        using var socket = EchoServer.Make(_client, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(HostOf(_nodes[0]), Port));
        await SayAsync(socket);

        Assert.Contains(_nodes[0].Network.Gateway, _servers[1].Seen);
    }

    private static Task<string> Inside(string path, params string[] command) => Tool.RunAsync("nsenter", [$"--net={path}", .. command]);

    private static IPAddress HostOf(OverlayNode node) => IPAddress.Parse(node.Network.Overlay!.NodeAddress);

    private IPEndPoint Target(int number) => new(_nodes[number].Address, ContainerPort);

    private BalancedPort Balanced(IngressPort port, params int[] replicas) => new(port, [.. replicas.Select(Target)]);

    private void BalanceAll(params int[] replicas) =>
        _nodes.ForEach(node => node.Balance(Balanced(s_tcp, replicas), Balanced(s_udp, replicas)));

    private Task<string[]> AskAsync(OverlayNode node, int times) => AskAsync(_client, HostOf(node), times);

    private static async Task<string[]> AskAsync(string from, IPAddress address, int times, int port = Port)
    {
        var answers = new List<string>();
        for (var time = 0; time < times; time++)
        {
            answers.Add(await OneAsync(from, address, null, port) ?? "nobody");
        }

        return [.. answers.Order(StringComparer.Ordinal)];
    }

    private static async Task<string?> OneAsync(string from, IPAddress address, TimeSpan? patience, int port = Port)
    {
        using var deadline = new CancellationTokenSource(patience ?? TestSettings.Within(TimeSpan.FromSeconds(5)));
        using var socket = EchoServer.Make(from, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), deadline.Token);
            return await SayAsync(socket, deadline.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<string> SayAsync(Socket socket, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TestSettings.Within(TimeSpan.FromSeconds(5)));
        await socket.SendAsync("?"u8.ToArray(), deadline.Token);
        var buffer = new byte[16];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, deadline.Token));
    }
}
