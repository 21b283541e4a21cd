using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>Debian's <c>podman</c>, which has no daemon.</summary>
internal sealed class PodmanPeer(bool isApart) : IPeer
{
    private readonly PeerHost _host = new();

    public string Name => "podman";

    public string Version { get; private set; } = "";

    public string? Unavailable { get; set; }

    public IReadOnlyList<string> Command =>
    [
        .. _host.Enter, "env", $"CONTAINERS_CONF={Configuration}", "podman", "--root", _host.Folders.DataRoot, "--runroot", Path.Combine(_host.Folders.RunRoot, "r"),
        "--cgroup-manager", "cgroupfs", "--runtime", "runc", "--events-backend", "file",
    ];

    public string Namespace => isApart ? _host.Folders.Name : "";

    public IReadOnlyList<string> Enter => _host.Enter;

    public string RunFolder => _host.Folders.RunRoot;

    public string DataFolder => _host.Folders.DataRoot;

    public IReadOnlyList<string> PlainHttp => ["--tls-verify=false"];

    public int? DaemonId => null;

    public string Monitor => "conmon";

    private string Configuration => _host.Folders.TempPath("containers.conf");

    public async Task StartAsync()
    {
        // By default it asks for limits above what this machine may allow.
        await File.WriteAllTextAsync(Configuration, "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n");
        if (isApart)
        {
            await _host.MakeNamespaceAsync();
        }

        Version = (await Tool.RunAsync("podman", "version", "--format", "{{.Client.Version}}")).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (Unavailable is null)
        {
            await Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "rm", "-af", "-t", "0"]);
            await Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "rmi", "-af"]);
        }

        await _host.DisposeAsync();
    }
}
