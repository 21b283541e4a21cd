using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>Debian's <c>dockerd</c> with its own containerd, through the same client.</summary>
internal sealed class DockerPeer(bool isApart) : IPeer
{
    private readonly PeerHost _host = new();

    public string Name => "dockerd";

    public string Version { get; private set; } = "";

    public string? Unavailable { get; set; }

    public IReadOnlyList<string> Command => ["docker", "--host", $"unix://{_host.Folders.RunRoot}/docker.sock"];

    public string Namespace => isApart ? _host.Folders.Name : "";

    public IReadOnlyList<string> Enter => _host.Enter;

    public string RunFolder => _host.Folders.RunRoot;

    public string DataFolder => _host.Folders.DataRoot;

    public IReadOnlyList<string> PlainHttp => [];

    public int? DaemonId => _host.DaemonId;

    public string Monitor => "containerd-shim-runc-v2";

    public async Task StartAsync()
    {
        if (isApart)
        {
            await _host.MakeNamespaceAsync();
        }

        var run = _host.Folders.RunRoot;
        await _host.StartAsync(
            [
                "dockerd", "--data-root", _host.Folders.DataRoot, "--exec-root", Path.Combine(run, "exec"),
                "--pidfile", Path.Combine(run, "docker.pid"), "--host", $"unix://{run}/docker.sock",
                .. isApart ? Array.Empty<string>() : ["--bridge=none", "--iptables=false", "--ip-forward=false"],
            ],
            () => Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "version"]));
        Version = (await this.RunAsync("version", "--format", "{{.Server.Version}}")).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (Unavailable is null)
        {
            var ids = (await this.RunAsync("ps", "-aq")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (ids.Length > 0)
            {
                await this.RunAsync(["rm", "-f", .. ids]);
            }
        }

        await _host.DisposeAsync();
    }
}
