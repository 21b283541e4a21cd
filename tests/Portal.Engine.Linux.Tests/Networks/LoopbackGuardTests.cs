using System.Diagnostics;
using System.Net;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>
/// Publishing on localhost opens a door in the kernel (route_localnet) that lets a neighbour send packets for 127.0.0.1 to
/// this host (CVE-2020-8558). The rules must keep it shut.
/// </summary>
public sealed class LoopbackGuardTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Container_SendsToTheHostsLoopback_IsDropped()
    {
        await using var host = await NetworksHost.StartAsync();
        var sandbox = await host.AttachAsync("bad");
        SendLoopbackTo(sandbox.NamespacePath!, sandbox.Endpoints[0].Gateway);
        using var service = EchoServer.Tcp(null, 0);

        Assert.Null(await EchoClient.TcpAsync(sandbox.NamespacePath, IPAddress.Loopback, service.Port, s_short));

        // The same without our rule does get through, so it is the rule that holds.
        Run("nft", "flush", "chain", "inet", host.Options.Name, "guard");
        Assert.NotNull(await EchoClient.TcpAsync(sandbox.NamespacePath, IPAddress.Loopback, service.Port));
    }

    [Fact]
    public async Task Neighbour_SendsToAPortOfLoopback_IsNotTranslated()
    {
        await using var host = await NetworksHost.StartAsync();
        await using var outside = OutsideHost.Start();
        var sandbox = await host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.1" });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        SendLoopbackTo(outside.NamespacePath, outside.HostAddress.ToString());

        Assert.Null(await EchoClient.TcpAsync(outside.NamespacePath, IPAddress.Loopback, sandbox.Ports[0].HostPort, s_short));

        var rule = Run("nft", "-a", "list", "chain", "inet", host.Options.Name, "prerouting")
            .Split('\n').Single(line => line.Contains("return", StringComparison.Ordinal));
        Run("nft", "delete", "rule", "inet", host.Options.Name, "prerouting", "handle", rule.Split(' ')[^1]);
        Assert.NotNull(await EchoClient.TcpAsync(outside.NamespacePath, IPAddress.Loopback, sandbox.Ports[0].HostPort));
    }

    /// <summary>Makes a namespace send packets for 127.0.0.0/8 to a gateway, as one with all rights in it can.</summary>
    private static void SendLoopbackTo(string namespacePath, string gateway)
    {
        NamespaceThread.Run(namespacePath, () =>
        {
            Sysctl.Set("net/ipv4/conf/all/route_localnet", "1");
            return 0;
        });
        Run("nsenter", "--net=" + namespacePath, "ip", "address", "flush", "dev", "lo");
        Run("nsenter", "--net=" + namespacePath, "ip", "route", "add", "127.0.0.0/8", "via", gateway);
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
