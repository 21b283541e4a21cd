using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Portal.Testing.Up;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.E2E.Tests.Browser;

/// <summary>
/// Another host: a network namespace with a cable (a veth pair) to this one, in which an agent of its own runs. Nothing in it can be
/// reached but through that cable.
/// </summary>
internal sealed class OtherHost : IAsyncDisposable
{
    private readonly TestInstance _folders = new();
    private readonly string _namespace;
    private Process? _agent;

    private OtherHost()
    {
        _folders.AlsoNamed(PortalUp.EngineName(_folders.DataRoot));
        _namespace = _folders.Name;
        Cable = _folders.Name + "c";
        var third = RandomNumberGenerator.GetInt32(1, 255);
        PortalAddress = string.Create(CultureInfo.InvariantCulture, $"10.213.{third}.1");
        Address = string.Create(CultureInfo.InvariantCulture, $"10.213.{third}.2");
    }

    /// <summary>This host's address on the cable.</summary>
    public string PortalAddress { get; }

    /// <summary>The other host's address.</summary>
    public string Address { get; }

    /// <summary>The interface at this end.</summary>
    public string Cable { get; }

    public static async Task<OtherHost> StartAsync()
    {
        var host = new OtherHost();
        await Tool.RunAsync("ip", "netns", "add", host._namespace);
        await Tool.RunAsync("ip", "link", "add", host.Cable, "type", "veth", "peer", "name", "eth0", "netns", host._namespace);
        await Tool.RunAsync("ip", "address", "add", $"{host.PortalAddress}/30", "dev", host.Cable);
        await Tool.RunAsync("ip", "link", "set", host.Cable, "up");
        await host.InsideAsync("ip", "link", "set", "lo", "up");
        await host.InsideAsync("ip", "address", "add", $"{host.Address}/30", "dev", "eth0");
        await host.InsideAsync("ip", "link", "set", "eth0", "up");
        return host;
    }

    /// <summary>Runs <c>./portal agent ...</c> on it, to its end.</summary>
    public Task<ToolResult> AgentAsync(params string[] arguments) =>
        Tool.TryRunAsync("nsenter", [.. Enter(), PortalUp.Script, "agent", .. arguments]);

    /// <summary>Starts <c>./portal agent run</c> on it.</summary>
    public void StartAgent()
    {
        var start = new ProcessStartInfo("nsenter", [.. Enter(), PortalUp.Script, "agent", "run"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _agent = Process.Start(start)!;
        _agent.StandardInput.Close();
        _agent.BeginOutputReadLine();
        _agent.BeginErrorReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_agent is { HasExited: false })
            {
                await Tool.TryRunAsync("kill", "-s", "TERM", _agent.Id.ToString(CultureInfo.InvariantCulture));
                await _agent.WaitForExitAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
            }
        }
        finally
        {
            _agent?.Kill(entireProcessTree: true);
            _agent?.Dispose();
            await Tool.TryRunAsync("ip", "netns", "delete", _namespace);
            await Tool.TryRunAsync("ip", "link", "delete", Cable);
            await _folders.DisposeAsync();
        }
    }

    private Task<string> InsideAsync(params string[] command) => Tool.RunAsync("ip", ["netns", "exec", _namespace, .. command]);

    // Not `ip netns exec`: that mounts a /sys of its own, without the cgroups that an engine needs.
    private string[] Enter() =>
    [
        $"--net=/run/netns/{_namespace}", "env", $"PORTAL_DATA={_folders.DataRoot}", $"PORTAL_RUN={_folders.RunRoot}",
    ];
}
