using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>This project's agent alone, through the stock <c>docker</c> client.</summary>
/// <param name="agent">The published agent.</param>
/// <param name="isApart">True for a network namespace of its own.</param>
/// <param name="runtime">The OCI runtime; null for the agent's own choice.</param>
/// <param name="tellsTimes">True to have the agent log what <see cref="TakeAttachmentAsync"/> reads.</param>
internal sealed partial class PortalPeer(string agent, bool isApart, string? runtime = null, bool tellsTimes = false) : IPeer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly PeerHost _host = new();
    private readonly Channel<(double, double)> _attachments = Channel.CreateUnbounded<(double, double)>();

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

        _host.LineWritten += line =>
        {
            if (Attachment().Match(line) is { Success: true } match)
            {
                double Figure(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
                _attachments.Writer.TryWrite((Figure(1), Figure(2)));
            }
        };
        await _host.StartAsync(
            [
                .. tellsTimes ? new[] { "env", "PORTAL_LOG_LEVEL=debug" } : [],
                "dotnet", agent, "run", "--data", _host.Folders.DataRoot, "--run", _host.Folders.RunRoot,
                .. runtime is null ? Array.Empty<string>() : ["--runtime", runtime],
            ],
            () => Tool.TryRunAsync(Command[0], [.. Command.Skip(1), "version"]));
        Version = (await this.RunAsync("version", "--format", "{{.Server.Version}}")).Trim();
    }

    /// <summary>Milliseconds that the next container's network took, by the agent's own word, and how many of them the kernel let it wait.</summary>
    public Task<(double Whole, double Waited)> TakeAttachmentAsync() => _attachments.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

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

    [GeneratedRegex(@"has its network after ([0-9.]+) ms, ([0-9.]+) of them")]
    private static partial Regex Attachment();
}
