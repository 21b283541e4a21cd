using System.Net;

namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>Published ports at ::1. In own namespaces, as whether packets within bridges are filtered is the host's setting.</summary>
public sealed class Loopback6Tests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(8080)]
    [InlineData(8081)]
    public async Task PublishedPort_AtLoopback_Answers(int port)
    {
        await using var host = await FilteredHost.StartAsync();
        host.FilterBridged(false);
        host.Apply();

        Assert.Equal("fd00:9::1", await EchoClient.TcpAsync(host.HostPath, IPAddress.IPv6Loopback, port));
        Assert.True(await host.ComesInAsync(isIpv6: true));
    }

    [Fact]
    public async Task PublishedUdpPort_AtLoopback_Answers()
    {
        await using var host = await FilteredHost.StartAsync();
        host.FilterBridged(false);
        host.Apply();

        Assert.Equal("fd00:9::1", await EchoClient.UdpAsync(host.HostPath, IPAddress.IPv6Loopback, 8081));
    }

    /// <summary>A port of ::1 is nobody's from outside, and a service of the host at ::1 stays the host's.</summary>
    [Fact]
    public async Task Loopback_StaysTheHosts()
    {
        await using var host = await FilteredHost.StartAsync();
        host.FilterBridged(false);
        host.Apply();
        using var service = EchoServer.Tcp(host.HostPath, 9000, isIpv6: true);
        await host.InContainerAsync("ip", "address", "flush", "dev", "lo");
        await host.InContainerAsync("ip", "-6", "route", "add", "::1/128", "via", "fd00:9::1");

        Assert.Null(await EchoClient.TcpAsync(host.ContainerPath, IPAddress.IPv6Loopback, 9000, s_short));
        Assert.Equal("::1", await EchoClient.TcpAsync(host.HostPath, IPAddress.IPv6Loopback, 9000));
        Assert.NotNull(await EchoClient.TcpAsync(host.ContainerPath, IPAddress.Parse("fd00:9::1"), 9000));
    }

    /// <summary>Where answers could not come back a client is refused at once and goes on to 127.0.0.1.</summary>
    [Fact]
    public async Task PublishedPort_BridgedPacketsAreFiltered_IsRefused()
    {
        await using var host = await FilteredHost.StartAsync();
        var isFiltered = host.FilterBridged(true);
        host.Apply();

        var answer = await EchoClient.TcpAsync(host.HostPath, IPAddress.IPv6Loopback, 8080);

        Assert.Equal(isFiltered ? null : "fd00:9::1", answer);
        Assert.Contains(
            isFiltered ? "ip6 daddr ::1 return" : "fib daddr type local",
            await host.RunAsync("nft", "list", "chain", "inet", "filtered", "output"),
            StringComparison.Ordinal);
    }
}
