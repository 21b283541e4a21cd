using System.Diagnostics;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Peers.Tests;

/// <summary>Debian's <c>dockerd</c> on folders of its own, without networks.</summary>
internal sealed class DockerPeer : Peer
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromSeconds(60));
    private readonly TestInstance _folders = new();
    private readonly Process _daemon;

    private DockerPeer()
    {
        var start = new ProcessStartInfo(
            "dockerd",
            [
                "--data-root", _folders.DataRoot, "--exec-root", Path.Combine(_folders.RunRoot, "exec"), "--pidfile",
                Path.Combine(_folders.RunRoot, "docker.pid"), "--host", Socket, "--bridge=none", "--iptables=false", "--ip-forward=false",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _daemon = Process.Start(start)!;
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
    }

    protected override IReadOnlyList<string> Command => ["docker", "--host", Socket];

    private string Socket => $"unix://{_folders.RunRoot}/docker.sock";

    public static async Task<DockerPeer> StartAsync()
    {
        var peer = new DockerPeer();
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
