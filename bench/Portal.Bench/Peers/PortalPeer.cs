using System.Security.Cryptography;
using System.Text;
using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>This project's agent alone, through the stock <c>docker</c> client.</summary>
internal sealed class PortalPeer(string agent, bool isApart) : IPeer
{
    private readonly PeerHost _host = new();

    public string Name => "portal";

    public string Version { get; private set; } = "";

    public string? Unavailable { get; set; }

    public IReadOnlyList<string> Command => ["docker", "--host", $"unix://{_host.Folders.RunRoot}/docker.sock"];

    public string RunFolder => _host.Folders.RunRoot;

    public string DataFolder => _host.Folders.DataRoot;

    public IReadOnlyList<string> PlainHttp => [];

    public string Monitor => "conmon";

    public async Task StartAsync()
    {
        if (isApart)
        {
            await _host.MakeNamespaceAsync();
        }

        await _host.StartAsync(
            ["dotnet", agent, "run", "--data", _host.Folders.DataRoot, "--run", _host.Folders.RunRoot],
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
