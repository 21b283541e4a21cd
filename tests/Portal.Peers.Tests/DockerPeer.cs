using System.Diagnostics;
using Portal.Testing;
using Portal.Testing.Processes;
using Portal.Testing.Scripts;

namespace Portal.Peers.Tests;

/// <summary>Debian's <c>dockerd</c> on folders of its own, without networks or with those of a namespace of its own.</summary>
internal sealed class DockerPeer : Peer
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromSeconds(60));
    private readonly TestInstance _folders = new();
    private readonly Process _daemon;

    private DockerPeer(bool withNetworks)
    {
        string[] around = withNetworks ? ["unshare", "--net", "--mount", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"] : [];
        string[] networks = withNetworks ? [] : ["--bridge=none", "--iptables=false", "--ip-forward=false"];
        string[] words =
            [
                .. around, "dockerd", "--data-root", _folders.DataRoot, "--exec-root", Path.Combine(_folders.RunRoot, "exec"), "--pidfile",
                Path.Combine(_folders.RunRoot, "docker.pid"), "--host", Socket, .. networks,
            ];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _daemon = Process.Start(start)!;
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
    }

    protected override IReadOnlyList<string> Command => ["docker", "--host", Socket];

    /// <summary>Runs its scripts of commands where its networks are.</summary>
    public CommandScripts Scripts => new("docker", $"{_folders.RunRoot}/docker.sock", ["nsenter", $"--net=/proc/{_daemon.Id}/ns/net"]);

    private string Socket => $"unix://{_folders.RunRoot}/docker.sock";

    /// <param name="withNetworks">True to give it networks of its own, away from this host's.</param>
    public static async Task<DockerPeer> StartAsync(bool withNetworks = false)
    {
        var peer = new DockerPeer(withNetworks);
        await Disposal.UnlessBegunAsync(
            () => Eventually.HoldsAsync(
                async () => (await Tool.TryRunAsync("docker", "--host", peer.Socket, "version")).ExitCode == 0, "dockerd answers"),
            () => peer.DisposeAsync().AsTask());
        return peer;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_daemon.HasExited)
        {
            await Tool.TryRunAsync("kill", "-s", "TERM", $"{_daemon.Id}");
            await _daemon.WaitForExitAsync().WaitAsync(s_deadline);
        }

        _daemon.Dispose();
        await _folders.DisposeAsync();
    }
}
