using System.Security.Cryptography;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Link.Tests.Environment;

/// <summary>A switch in this namespace with the portal at it, and cables to namespaces that are hosts.</summary>
internal sealed class Switch : IAsyncDisposable
{
    private readonly string _suffix = RandomNumberGenerator.GetHexString(5, lowercase: true);

    // 198.18.0.0/15 is for tests of networks (RFC 2544); the upper half, a random /24, clashes with no other suite's.
    private readonly string _prefix = $"198.19.{RandomNumberGenerator.GetInt32(256)}";
    private readonly List<int> _hosts = [];

    public string PortalAddress => $"{_prefix}.1";

    private string Bridge => $"psw{_suffix}";

    public string AddressOf(int host) => $"{_prefix}.{host + 10}";

    public string NamespaceOf(int host) => $"po-{_suffix}-{host}";

    public async Task LayAsync()
    {
        await Tool.RunAsync("ip", "link", "add", Bridge, "type", "bridge");
        await Tool.RunAsync("ip", "address", "add", $"{PortalAddress}/24", "dev", Bridge);
        await Tool.RunAsync("ip", "link", "set", Bridge, "up");
    }

    public async Task AddAsync(int host)
    {
        await Tool.RunAsync("ip", "netns", "add", NamespaceOf(host));
        _hosts.Add(host);
        await Tool.RunAsync(
            "ip", "link", "add", PortOf(host), "master", Bridge, "type", "veth", "peer", "name", "eth0", "netns", NamespaceOf(host));
        await Tool.RunAsync("ip", "link", "set", PortOf(host), "up");
        await Tool.RunAsync("ip", "-n", NamespaceOf(host), "address", "add", $"{AddressOf(host)}/24", "dev", "eth0");
        await Tool.RunAsync("ip", "-n", NamespaceOf(host), "link", "set", "eth0", "up");
        await Tool.RunAsync("ip", "-n", NamespaceOf(host), "link", "set", "lo", "up");

        // A new port of a switch takes a moment before it passes anything on.
        await Eventually.HoldsAsync(
            async () => (await Tool.TryRunAsync(
                "nsenter", $"--net=/run/netns/{NamespaceOf(host)}", "busybox", "ping", "-c", "1", "-W", "1", PortalAddress)).ExitCode == 0,
            "the portal is reached over the switch");
    }

    public Task CutAsync(int host) => Tool.RunAsync("ip", "link", "set", PortOf(host), "down");

    public Task HealAsync(int host) => Tool.RunAsync("ip", "link", "set", PortOf(host), "up");

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await Tool.TryRunAsync("ip", "link", "delete", PortOf(host));
            await Tool.TryRunAsync("ip", "netns", "delete", NamespaceOf(host));
        }

        await Tool.TryRunAsync("ip", "link", "delete", Bridge);
    }

    private string PortOf(int host) => $"psp{_suffix}{host}";
}
