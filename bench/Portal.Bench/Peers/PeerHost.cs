using System.Diagnostics;
using System.Globalization;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

/// <summary>Folders and a network namespace for one peer, and the daemon in them. All of it goes at the end.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(30);
    private Process? _daemon;
    private bool _isApart;

    public TestInstance Folders { get; } = new();

    /// <summary>A line of the daemon's output; on any thread.</summary>
    public event Action<string>? LineWritten;

    /// <summary>The daemon's process.</summary>
    public int? DaemonId => _daemon?.Id;

    /// <summary>Enters the namespace, where one was made.</summary>
    public string[] Enter => _isApart ? ["nsenter", $"--net=/run/netns/{Folders.Name}"] : [];

    public async Task MakeNamespaceAsync()
    {
        await Tool.RunAsync("ip", "netns", "add", Folders.Name);
        _isApart = true;
        await Tool.RunAsync("ip", "-n", Folders.Name, "link", "set", "lo", "up");
    }

    /// <summary>Starts a daemon and waits until a command succeeds.</summary>
    public async Task StartAsync(IReadOnlyList<string> command, Func<Task<ToolResult>> probe)
    {
        string[] whole = [.. Enter, .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _daemon = new Process { StartInfo = start };
        _daemon.OutputDataReceived += (_, line) => LineWritten?.Invoke(line.Data ?? "");
        _daemon.Start();
        _daemon.StandardInput.Close();
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while ((await probe()).ExitCode != 0)
        {
            if (_daemon.HasExited || watch.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"'{command[0]}' did not answer within {watch.Elapsed.TotalSeconds:0} s");
            }

            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            await Tool.TryRunAsync("kill", "-s", "TERM", _daemon.Id.ToString(CultureInfo.InvariantCulture));
            await _daemon.WaitForExitAsync().WaitAsync(s_stopDeadline);
        }

        _daemon?.Dispose();
        if (_isApart)
        {
            await Tool.TryRunAsync("ip", "netns", "delete", Folders.Name);
        }

        await Folders.DisposeAsync();
    }
}
