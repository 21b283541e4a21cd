using System.Security.Cryptography;
using Portal.Testing.Processes;

namespace Portal.Link.Tests.Environment;

/// <summary>A network namespace and a virtual cable to it.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly string _suffix = RandomNumberGenerator.GetHexString(6, lowercase: true);

    // 198.18.0.0/15 is for tests of networks (RFC 2544); a random /30 of it clashes with no other suite's.
    private readonly string _prefix = $"198.18.{RandomNumberGenerator.GetInt32(256)}.";
    private readonly int _first = RandomNumberGenerator.GetInt32(64) * 4;

    public string Namespace => $"pt-{_suffix}";

    public string PortalAddress => $"{_prefix}{_first + 1}";

    private string AgentAddress => $"{_prefix}{_first + 2}";

    private string PortalEnd => $"ptp{_suffix}";

    private string AgentEnd => $"pta{_suffix}";

    public async Task LayAsync()
    {
        await Tool.RunAsync("ip", "netns", "add", Namespace);
        await Tool.RunAsync("ip", "link", "add", PortalEnd, "type", "veth", "peer", "name", AgentEnd, "netns", Namespace);
        await Tool.RunAsync("ip", "address", "add", $"{PortalAddress}/30", "dev", PortalEnd);
        await Tool.RunAsync("ip", "link", "set", PortalEnd, "up");
        await Tool.RunAsync("ip", "-n", Namespace, "address", "add", $"{AgentAddress}/30", "dev", AgentEnd);
        await Tool.RunAsync("ip", "-n", Namespace, "link", "set", AgentEnd, "up");
        await Tool.RunAsync("ip", "-n", Namespace, "link", "set", "lo", "up");
    }

    public Task PullAsync() => Tool.RunAsync("ip", "link", "set", PortalEnd, "down");

    public Task PutBackAsync() => Tool.RunAsync("ip", "link", "set", PortalEnd, "up");

    /// <summary>As a dead router does: no answer, no error.</summary>
    public async Task SwallowPacketsAsync()
    {
        await InNamespaceAsync("nft", "add", "table", "netdev", "cut");
        await InNamespaceAsync(
            "nft", "add", "chain", "netdev", "cut", "in", "{", "type", "filter", "hook", "ingress", "device", AgentEnd,
            "priority", "0", ";", "policy", "drop", ";", "}");
    }

    public Task PassPacketsAsync() => InNamespaceAsync("nft", "delete", "table", "netdev", "cut");

    public async ValueTask DisposeAsync()
    {
        // The namespace's end goes with it, and so does ours.
        await Tool.TryRunAsync("ip", "link", "delete", PortalEnd);
        await Tool.RunAsync("ip", "netns", "delete", Namespace);
    }

    private Task InNamespaceAsync(params string[] command) =>
        Tool.RunAsync("ip", ["netns", "exec", Namespace, .. command]);
}
