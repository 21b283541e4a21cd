using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class NetworkTests(EngineFixture engine) : IAsyncLifetime
{
    private const string Ask = "printf 'GET /passwd HTTP/1.0\\r\\n\\r\\n'";

    private readonly string _name = $"n{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    private string Other => _name + "-other";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Docker.RunAsync("rm", "--force", _name, Other);
        await Docker.RunAsync("network", "rm", "--force", _name, Other);
    }

    [Fact]
    public async Task Network_CreateInspectRemove_GoesRound()
    {
        var (subnet, prefix) = FreeSubnet();
        var id = await Docker.GetAsync(
            "network", "create", "--subnet", subnet, "--gateway", $"{prefix}.254", "--ip-range", $"{prefix}.64/26", "--label", "a=b",
            "--opt", "com.docker.network.driver.mtu=1400", _name);
        await StartAsync(_name, "--network", _name);

        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(
            $"{_name} bridge {subnet} {prefix}.254 {prefix}.64/26 map[a:b] false {_name} {prefix}.64/24",
            await Docker.GetAsync(
                "network", "inspect", "--format",
                "{{.Name}} {{.Driver}} {{range .IPAM.Config}}{{.Subnet}} {{.Gateway}} {{.IPRange}}{{end}} {{.Labels}} {{.Internal}} "
                + "{{range .Containers}}{{.Name}} {{.IPv4Address}}{{end}}",
                id[..12]));
        Assert.Contains("mtu 1400", await Docker.GetAsync("exec", _name, "ip", "link", "show", "eth0"));
        Assert.Equal(_name, await Docker.GetAsync("network", "ls", "--filter", "label=a=b", "--filter", "type=custom", "--format", "{{.Name}}"));
        var refused = await Docker.RunAsync("network", "rm", _name);
        Assert.Contains($"network {_name} has active endpoints (name:\"{_name}\"", refused.Error);
        await Docker.GetAsync("rm", "--force", _name);
        await Docker.GetAsync("network", "rm", _name);
        Assert.Contains("not found", (await Docker.RunAsync("network", "inspect", _name)).Error);
        Assert.Contains("not found", (await Docker.RunAsync("run", "--rm", "--network", _name, "busybox", "true")).Error);
    }

    [Theory]
    [InlineData("already exists", "bridge")]
    [InlineData("invalid network name", "a/b")]
    [InlineData("plugin", "--driver", "weave", "fine")]
    [InlineData("the portal makes it", "--driver", "overlay", "--attachable", "fine")]
    [InlineData("only one instance", "--driver", "host", "fine")]
    [InlineData("invalid subnet", "--subnet", "10.0.0.1/24", "fine")]
    [InlineData("no host address", "--subnet", "10.99.0.0/24", "--gateway", "10.99.0.255", "fine")]
    [InlineData("overlaps", "--subnet", "127.0.0.0/16", "fine")]
    [InlineData("option", "--opt", "com.docker.network.bridge.name=a/b", "fine")]
    [InlineData("option", "--opt", "com.docker.network.driver.mtu=9", "fine")]
    [InlineData("exists on this host", "--opt", "com.docker.network.bridge.name=lo", "fine")]
    [InlineData("isolated", "--opt", "com.docker.network.bridge.gateway_mode_ipv4=isolated", "fine")]
    [InlineData("aux-address", "--subnet", "10.99.0.0/24", "--aux-address", "x=10.98.0.1", "fine")]
    [InlineData("does not exist", "--config-from", "none-such", "fine")]
    [InlineData("swarm", "--scope", "swarm", "fine")]
    [InlineData("swarm", "--ingress", "fine")]
    public async Task Create_WhatCannotBe_IsRefusedAndLeavesNothing(string message, params string[] arguments)
    {
        var result = await Docker.RunAsync(["network", "create", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error);
        Assert.Equal("", await Docker.GetAsync("network", "ls", "--quiet", "--filter", "name=fine"));
    }

    [Fact]
    public async Task Remove_Predefined_IsRefused()
    {
        Assert.Contains("pre-defined network", (await Docker.RunAsync("network", "rm", "bridge")).Error);
        await Docker.GetAsync("network", "create", "--label", _name, _name);
        Assert.Contains(_name, await Docker.GetAsync("network", "prune", "--force", "--filter", $"label={_name}"));
        Assert.Equal("bridge", await Docker.GetAsync("network", "ls", "--filter", "name=bridge", "--format", "{{.Name}}"));
    }

    [Fact]
    public async Task Run_FixedAddress_IsTheContainersOrRefused()
    {
        var (subnet, prefix) = FreeSubnet();
        await Docker.GetAsync("network", "create", "--subnet", subnet, _name);
        await Docker.GetAsync("network", "create", Other);

        await StartAsync(_name, "--network", _name, "--ip", $"{prefix}.77", "--network-alias", "web");

        Assert.Contains($"inet {prefix}.77/24", await Docker.GetAsync("exec", _name, "ip", "addr"));
        Assert.Equal("[web]", await Docker.GetAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}", _name));
        await AssertRefusedAsync("Address already in use", "--network", _name, "--ip", $"{prefix}.77");
        await AssertRefusedAsync("no configured subnet", "--network", _name, "--ip", "9.9.9.9");
        await AssertRefusedAsync("user configured subnets", "--network", Other, "--ip", "9.9.9.9");
        await AssertRefusedAsync("user defined networks only", "--ip", "172.17.0.99");
    }

    [Fact]
    public async Task Run_OnDifferentNetworks_CannotReachEachOther()
    {
        await Docker.GetAsync("network", "create", _name);
        await Docker.GetAsync("network", "create", Other);
        await StartAsync(_name, "--network", _name);
        await StartAsync(Other, "--network", Other);
        var address = await AddressAsync(_name, _name);

        await ReachesAsync("--network", _name, address);
        Assert.False(await CanReachAsync("--network", Other, address));
        Assert.False(await CanReachAsync("--network", "bridge", address));
    }

    [Fact]
    public async Task Run_OnAnInternalNetwork_ReachesItsOwnKindAlone()
    {
        await Docker.GetAsync("network", "create", "--internal", _name);
        await Docker.GetAsync("network", "create", Other);
        await StartAsync(_name, "--network", _name, "--publish", "127.0.0.1::80");
        await StartAsync(Other, "--network", Other);
        var inside = await AddressAsync(_name, _name);

        await ReachesAsync("--network", _name, inside);
        Assert.False(await CanReachAsync("--network", Other, inside));
        Assert.False(await CanReachAsync("--network", _name, await AddressAsync(Other, Other)));
        Assert.DoesNotContain("default", await Docker.GetAsync("exec", _name, "ip", "route"));
        Assert.Equal("", await Docker.GetAsync("port", _name));

        // Not even with a route of its own, through the host's address on the network.
        var gateway = await Docker.GetAsync("network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}}{{end}}", _name);
        var target = await AddressAsync(Other, Other);
        var forced = await Docker.RunAsync(
            "run", "--rm", "--cap-add", "NET_ADMIN", "--network", _name, "busybox", "sh", "-c",
            $"ip route add default via {gateway}; {Ask} | nc -w 1 {target} 7");
        Assert.NotEqual(0, forced.ExitCode);
    }

    [Fact]
    public async Task Run_WithoutInterContainerCommunication_ReachesNoNeighbour()
    {
        await Docker.GetAsync("network", "create", "--opt", "com.docker.network.bridge.enable_icc=false", _name);
        await StartAsync(_name, "--network", _name);

        Assert.False(await CanReachAsync("--network", _name, await AddressAsync(_name, _name)));
    }

    [Fact]
    public async Task Connect_Running_IsOnBothAtOnceAndAfterARestart()
    {
        await Docker.GetAsync("network", "create", _name);
        await Docker.GetAsync("network", "create", Other);
        await StartAsync(_name, "--network", _name);
        await StartAsync(Other, "--network", Other);

        await Docker.GetAsync("network", "connect", "--alias", "second", Other, _name);
        var second = await AddressAsync(_name, Other);
        await ReachesAsync("--network", Other, second);
        await ReachesAsync("--network", _name, await AddressAsync(_name, _name));
        Assert.Contains("already exists in network", (await Docker.RunAsync("network", "connect", Other, _name)).Error);
        await Docker.GetAsync("restart", "--time", "0", _name);
        Assert.Contains("eth1", await Docker.GetAsync("exec", _name, "ip", "addr"));
        await ReachesAsync("--network", Other, await AddressAsync(_name, Other));

        // The way out moves to what is left.
        await Docker.GetAsync("network", "disconnect", _name, _name);
        Assert.DoesNotContain("eth0", await Docker.GetAsync("exec", _name, "ip", "addr"));
        Assert.Contains("default via", await Docker.GetAsync("exec", _name, "ip", "route"));
        Assert.Contains("is not connected", (await Docker.RunAsync("network", "disconnect", _name, _name)).Error);
        await Docker.GetAsync("network", "rm", _name);
        await Docker.GetAsync("restart", "--time", "0", _name);
        Assert.Equal(Other, await Docker.GetAsync("inspect", "--format", "{{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}", _name));
    }

    private static (string Subnet, string Prefix) FreeSubnet()
    {
        var prefix = $"10.{Random.Shared.Next(200, 250)}.{Random.Shared.Next(256)}";
        return ($"{prefix}.0/24", prefix);
    }

    /// <summary>Starts one that answers TCP on port 7.</summary>
    private Task<string> StartAsync(string name, params string[] options)
    {
        return Docker.GetAsync(["run", "--detach", "--name", name, .. options, "busybox", "httpd", "-f", "-p", "7", "-h", "/etc"]);
    }

    private async Task<string> AddressAsync(string container, string network)
    {
        return await Docker.GetAsync(
            "inspect", "--format", $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}", container);
    }

    /// <summary>Waits until it is reached: a first packet may be lost, and on a busy machine a second is not long.</summary>
    private Task ReachesAsync(string option, string network, string address) =>
        Eventually.HoldsAsync(() => CanReachAsync(option, network, address), $"{address} is reached from {network}");

    private async Task<bool> CanReachAsync(string option, string network, string address)
    {
        while (true)
        {
            var result = await Docker.RunAsync(
                "run", "--rm", option, network, "busybox", "sh", "-c", $"{Ask} | nc -w 1 {address} 7");

            // Refused means reached: the program there only does not listen yet.
            if (!result.Error.Contains("refused"))
            {
                return result.Output.Contains("root:x:0");
            }
        }
    }

    private async Task AssertRefusedAsync(string message, params string[] options)
    {
        var result = await Docker.RunAsync(["run", "--rm", .. options, "busybox", "true"]);
        Assert.Equal(125, result.ExitCode);
        Assert.Contains(message, result.Error);
    }
}
