using System.Net;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

// Alone: while a bridge is away its subnet looks free, and an engine of another test that starts then may take it.
[Collection(RunsAlone.Name)]
public sealed class ReconcileTests : IAsyncLifetime
{
    private static readonly PortBinding s_web = new() { ContainerPort = 80 };

    private NetworksHost _host = null!;

    public async Task InitializeAsync() => _host = await NetworksHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Reconcile_EngineRestarted_KeepsWhatRuns()
    {
        var before = await _host.AttachAsync("web", s_web);
        await _host.AttachAsync("gone", s_web);
        using var server = EchoServer.Tcp(before.NamespacePath, 80);
        var port = before.Ports[0].HostPort;

        await _host.RestartAsync("web");

        var after = _host.Networks.Find("web");
        Assert.NotNull(after);
        Assert.Equivalent(before.Endpoints, after.Endpoints, strict: true);
        Assert.Equal(before.Ports, after.Ports);
        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, port));

        // The port is held again, not still, and the address is taken.
        Assert.ThrowsAny<Exception>(() => EchoServer.Tcp(null, port));
        Assert.NotEqual(after.Endpoints[0].Address, (await _host.AttachAsync("next")).Endpoints[0].Address);

        // What ran no longer is gone.
        Assert.Null(_host.Networks.Find("gone"));
        Assert.Null(_host.Namespaces.Find("gone"));
        Assert.Equal(2, Rules.Veths(_host.Options.Name).Count);
    }

    [Fact]
    public async Task LinkNames_OfAHostWithContainers_HaveTheHostsEnds()
    {
        var sandbox = await _host.AttachAsync("web");

        // What is read where links change faster than they can be listed.
        var names = RouteSocket.LinkNames();

        Assert.Contains("lo", names);
        Assert.Contains(sandbox.Endpoints[0].HostInterfaceName!, names);
    }

    [Fact]
    public async Task Rules_Deleted_ComeBackByThemselvesEachTime()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        for (var time = 0; time < 3; time++)
        {
            Rules.Delete(_host.Options.Name);
            await Eventually.HoldsAsync(() => Rules.Exists(_host.Options.Name));
            Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
        }
    }

    [Fact]
    public async Task Reconcile_RulesDeletedWhileStopped_RestoresThem()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        await _host.StopAsync();
        Rules.Delete(_host.Options.Name);
        Assert.Null(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));

        await _host.RestartAsync("web");

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
    }

    [Fact]
    public async Task Attach_RulesDeleted_RestoresThemAll()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        Rules.Delete(_host.Options.Name);

        await _host.AttachAsync("next", s_web);

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
    }

    [Fact]
    public async Task Detach_RulesDeleted_SucceedsAndRestoresTheRest()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        await _host.AttachAsync("next", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        Rules.Delete(_host.Options.Name);

        await _host.Networks.DetachAsync("next");

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
    }

    [Fact]
    public async Task Reconcile_BridgeRemoved_RestoresItAndItsPorts()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        Rules.DeleteLink(_host.Bridge);

        await _host.RestartAsync("web");

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Parse(sandbox.Endpoints[0].Address), 80));
    }

    [Fact]
    public async Task Reconcile_VethRemoved_ConnectsAgain()
    {
        var sandbox = await _host.AttachAsync("web", s_web);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        Rules.DeleteLink(sandbox.Endpoints[0].HostInterfaceName!);

        await _host.RestartAsync("web");

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, sandbox.Ports[0].HostPort));
    }

    [Fact]
    public async Task Reconcile_NamespaceLost_ForgetsTheSandbox()
    {
        await _host.AttachAsync("web", s_web);
        _host.Namespaces.Remove("web");

        await _host.RestartAsync("web");

        Assert.Null(_host.Networks.Find("web"));
        Assert.Empty(Rules.Veths(_host.Options.Name));
    }

    [Fact]
    public async Task Reconcile_DamagedRecord_ForgetsThatSandboxOnly()
    {
        await _host.AttachAsync("web", s_web);
        await _host.AttachAsync("bad", s_web);
        File.WriteAllText(Path.Combine(_host.Options.RunRoot, "networks", "bad.json"), "{ \"request\": 7");

        await _host.RestartAsync("web", "bad");

        Assert.NotNull(_host.Networks.Find("web"));
        Assert.Null(_host.Networks.Find("bad"));
        Assert.Single(Rules.Veths(_host.Options.Name));
    }

    [Fact]
    public async Task Reconcile_HostCameToUseTheSubnet_MovesWhileNothingRuns()
    {
        var before = (await _host.Networks.ListAsync())[0];
        await using var outside = OutsideHost.Start();
        Rules.DeleteLink(_host.Bridge);
        var link = "t" + Random.Shared.Next(0x1000000).ToString("x6") + "br";
        using (var routes = RouteSocket.Open())
        {
            routes.AddBridge(link, [2, 0, 0, 0, 0, 1], 1500);
            routes.AddAddress(routes.GetLink(link).Index, IPAddress.Parse(before.Gateway), 24);
        }

        try
        {
            await _host.RestartAsync();
            Assert.NotEqual(before.Subnet, (await _host.Networks.ListAsync())[0].Subnet);
        }
        finally
        {
            Rules.DeleteLink(link);
        }
    }

    [Fact]
    public async Task Reconcile_ManyInstancesAtOnce_ChooseSubnetsOfTheirOwn()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => NetworksHost.StartAsync()));
        try
        {
            var subnets = await Task.WhenAll(hosts.Select(async host => (await host.Networks.ListAsync())[0].Subnet));
            Assert.Equal(6, subnets.Distinct().Count());
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }
}
