using System.Diagnostics;
using System.Globalization;

namespace Portal.Bench.Fleet;

/// <summary>The simulation of nodes as a process of its own.</summary>
internal sealed class FleetNodes : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly int _nodes;
    private volatile int _online;
    private bool _ended;

    public FleetNodes(string program, Uri portal, string database, int nodes, int containers)
    {
        _nodes = nodes;
        string[] arguments =
        [
            program, "--portal", portal.ToString(), "--db", database, "--nodes", nodes.ToString(CultureInfo.InvariantCulture),
            "--containers", containers.ToString(CultureInfo.InvariantCulture),
        ];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
    }

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_process);

    public Task OnlineAsync() => UntilAsync(() => _online == _nodes, "all nodes are online");

    public Task OfflineAsync() => UntilAsync(() => _online == 0, "no node is online");

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        if (!_process.HasExited)
        {
            await ProcessFigures.TerminateAsync(_process);
        }

        _process.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited || watch.Elapsed > s_patience)
            {
                throw new InvalidOperationException($"It did not come to this: {what}. {_online} of {_nodes} are online.");
            }

            await Task.Delay(s_step);
        }
    }

    private void Read(string? line)
    {
        if (line?.Split(' ') is ["online", var count])
        {
            _online = int.Parse(count, CultureInfo.InvariantCulture);
        }
    }
}
