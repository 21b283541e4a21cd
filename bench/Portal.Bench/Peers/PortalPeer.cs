using System.Security.Cryptography;
using System.Text;
using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>This project's agent alone, through the stock <c>docker</c> client.</summary>
/// <param name="agent">The published agent.</param>
/// <param name="isApart">True for a network namespace of its own.</param>
/// <param name="runtime">The OCI runtime; null for the agent's own choice.</param>
internal sealed class PortalPeer(string agent, bool isApart, string? runtime = null) : IPeer
{
    // crun 1.8 refuses cgroup version 1 with a version 2 tree beside it: its agent sees the host without that tree.
    private const string WithoutUnified = """
        tree=/sys/fs/cgroup/unified
        ! mountpoint -q $tree || { umount $tree && mount -t tmpfs -o mode=755,size=4m none $tree; }
        exec "$@"
        """;

    private readonly PeerHost _host = new();

    public string Name => runtime is null ? "portal" : $"portal with {runtime}";

    public string Version { get; private set; } = "";

    public string? Unavailable { get; set; }

    public IReadOnlyList<string> Command => ["docker", "--host", $"unix://{_host.Folders.RunRoot}/docker.sock"];

    public string Namespace => isApart ? _host.Folders.Name : "";

    public IReadOnlyList<string> Enter => _host.Enter;

    public string RunFolder => _host.Folders.RunRoot;

    public string DataFolder => _host.Folders.DataRoot;

    public IReadOnlyList<string> PlainHttp => [];

    public int? DaemonId => _host.DaemonId;

    public string Monitor => "conmon";

    public async Task StartAsync()
    {
        if (isApart)
        {
            await _host.MakeNamespaceAsync();
        }

        await _host.StartAsync(
            [
                .. runtime == "crun" ? new[] { "unshare", "--mount", "--propagation", "private", "--", "sh", "-c", WithoutUnified, "sh" } : [],
                "dotnet", agent, "run", "--data", _host.Folders.DataRoot, "--run", _host.Folders.RunRoot,
                .. runtime is null ? Array.Empty<string>() : ["--runtime", runtime],
            ],
            () => Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "version"]));
        Version = (await this.RunAsync("version", "--format", "{{.Server.Version}}")).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        var ids = (await Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "ps", "-aq"])).Output
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
        {
            await Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "rm", "-f", .. ids]);
        }

        var name = "p" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_host.Folders.DataRoot)))[..6];
        await _host.DisposeAsync();
        await Tool.TryRunAsync("find", "/sys/fs/cgroup", "-depth", "-type", "d", "-path", $"*/{name}*", "-exec", "rmdir", "{}", ";");
    }
}
