using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>
/// VLANs and ipvlans on a cable to another machine. Kernels differ: where there are none, the refusal must name the module; the virtual
/// machine of <c>./portal test vm</c> has them all.
/// </summary>
public sealed class KernelDriverTests : IAsyncLifetime
{
    private const int Vlan = 10;
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    private readonly string _prefix = $"10.{Random.Shared.Next(100, 250)}.{Random.Shared.Next(250)}";
    private NetworksHost _host = null!;
    private OutsideHost _outside = null!;

    private string VlanLink => $"{_outside.Link}.{Vlan}";

    public async Task InitializeAsync()
    {
        _host = await NetworksHost.StartAsync();
        _outside = OutsideHost.Start();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task Vlan_ThatIsNotThere_IsMadeForItsNetworkAndMeetsThatVlanAlone()
    {
        if (!KernelHas.Vlan)
        {
            await AssertRefusedAsync("macvlan", "(module 8021q)", ("parent", VlanLink));
            return;
        }

        await CreateAsync("macvlan", ("parent", VlanLink));
        var web = await _host.AttachToAsync("lan", "web");
        var address = IPAddress.Parse(web.Endpoints[0].Address);
        using var server = EchoServer.Tcp(web.NamespacePath, 80);
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        // On the cable itself nobody answers, in the VLAN with that number both do.
        await InsideAsync("address", "add", $"{_prefix}.1/24", "dev", "eth0");
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, address, 80, s_short));
        await InsideAsync("address", "del", $"{_prefix}.1/24", "dev", "eth0");
        await InsideAsync("link", "add", "link", "eth0", "name", "lan10", "type", "vlan", "id", $"{Vlan}");
        await InsideAsync("address", "add", $"{_prefix}.1/24", "dev", "lan10");
        await InsideAsync("link", "set", "lan10", "up");
        Assert.Equal($"{_prefix}.1", await EchoClient.TcpAsync(_outside.NamespacePath, address, 80));
        Assert.Equal(address.ToString(), await EchoClient.TcpAsync(web.NamespacePath, IPAddress.Parse($"{_prefix}.1"), 80));

        // Also an engine that did not make it knows whose it is.
        await _host.RestartAsync("web");
        await _host.Networks.DetachAsync("web");
        await _host.Networks.RemoveAsync("lan");
        Assert.False(Directory.Exists($"/sys/class/net/{VlanLink}"));
        Assert.True(Directory.Exists($"/sys/class/net/{_outside.Link}"));
    }

    [Fact]
    public async Task Vlan_OfTheHost_IsUsedAndLeftAlone()
    {
        if (!KernelHas.Vlan)
        {
            await AssertRefusedAsync("ipvlan", "(module 8021q)", ("parent", VlanLink));
            return;
        }

        await Tool.RunAsync("ip", "link", "add", "link", _outside.Link, "name", VlanLink, "type", "vlan", "id", $"{Vlan}");
        await CreateAsync("macvlan", ("parent", VlanLink));

        await _host.Networks.RemoveAsync("lan");

        Assert.True(Directory.Exists($"/sys/class/net/{VlanLink}"));
    }

    [Fact]
    public async Task Ipvlan_OnACable_IsANeighbourOfTheMachinesThere()
    {
        if (!KernelHas.Ipvlan)
        {
            await AssertRefusedAsync("ipvlan", "no ipvlan (module ipvlan)");
            return;
        }

        await CreateAsync("ipvlan");
        await InsideAsync("address", "add", $"{_prefix}.1/24", "dev", "eth0");
        var web = await _host.AttachToAsync("lan", "web");
        var address = IPAddress.Parse(web.Endpoints[0].Address);
        using var server = EchoServer.Tcp(web.NamespacePath, 80);
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        Assert.Equal($"{_prefix}.1", await EchoClient.TcpAsync(_outside.NamespacePath, address, 80));
        Assert.Equal(address.ToString(), await EchoClient.TcpAsync(web.NamespacePath, IPAddress.Parse($"{_prefix}.1"), 80));

        // All on the cable have its MAC address, which is what ipvlans are for.
        var mac = await File.ReadAllTextAsync($"/sys/class/net/{_outside.Link}/address");
        Assert.Contains(mac.Trim(), await Tool.RunAsync("nsenter", $"--net={web.NamespacePath}", "ip", "link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l3")]
    [InlineData("l3s")]
    public async Task Ipvlan_Routed_ReachesOtherNetworksByTheHost(string mode)
    {
        if (!KernelHas.Ipvlan)
        {
            await AssertRefusedAsync("ipvlan", "no ipvlan (module ipvlan)", ("ipvlan_mode", mode));
            return;
        }

        await CreateAsync("ipvlan", ("ipvlan_mode", mode));
        var web = await _host.AttachToAsync("lan", "web");
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        Assert.Equal(web.Endpoints[0].Address, await EchoClient.TcpAsync(web.NamespacePath, _outside.Address, 80));
    }

    [Theory]
    [InlineData("l2", "bridge", true)]
    [InlineData("l2", "private", false)]
    [InlineData("l3", "bridge", true)]
    [InlineData("l3s", "bridge", true)]
    public async Task Ipvlan_Flag_DecidesWhetherContainersMeet(string mode, string flag, bool meet)
    {
        if (!KernelHas.Ipvlan)
        {
            await AssertRefusedAsync("ipvlan", "no ipvlan (module ipvlan)", ("ipvlan_mode", mode), ("ipvlan_flag", flag));
            return;
        }

        await CreateAsync("ipvlan", ("ipvlan_mode", mode), ("ipvlan_flag", flag));
        var web = await _host.AttachToAsync("lan", "web");
        var other = await _host.AttachToAsync("lan", "other");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);

        var answer = await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80, meet ? null : s_short);

        Assert.Equal(meet, answer is not null);
    }

    private async Task AssertRefusedAsync(string driver, string reason, params (string Name, string Value)[] options)
    {
        var refused = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(driver, options));

        Assert.Equal(EngineErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _host.Networks.ListAsync(), network => network.Name == "lan");
    }

    private Task<NetworkSummary> CreateAsync(string driver, params (string Name, string Value)[] options)
    {
        var all = new Dictionary<string, string> { ["parent"] = _outside.Link };
        foreach (var option in options)
        {
            all[option.Name] = option.Value;
        }

        return _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "lan",
            Driver = driver,
            Subnets = [new NetworkSubnet { Subnet = $"{_prefix}.0/24", Gateway = $"{_prefix}.1" }],
            Options = all,
        });
    }

    private Task InsideAsync(params string[] arguments) =>
        Tool.RunAsync("nsenter", [$"--net={_outside.NamespacePath}", "ip", .. arguments]);
}
