using Microsoft.Extensions.Hosting;
using Portal.Simulation.Link;
using Portal.Simulation.Nodes;

namespace Portal.Simulation;

/// <summary>Nodes that join a portal, keep both connections of the link, and tell of containers that come and go.</summary>
public sealed class Simulation : IAsyncDisposable
{
    private readonly SimulationOptions _options;
    private readonly SimulatedNode[] _nodes;
    private readonly ReverseQueue _reverse = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IHost _server;
    private Task _running = Task.CompletedTask;

    public Simulation(SimulationOptions options)
    {
        _options = options;
        _nodes = [.. Enumerable.Range(1, options.Nodes).Select(number => new SimulatedNode(number, options))];
        _server = ReverseServer.Build(_reverse);
    }

    /// <summary>Nodes that the portal calls, and that have told it all.</summary>
    public int Online => _nodes.Count(node => node.IsOnline);

    /// <summary>Containers that were started or stopped so far.</summary>
    public int Changes { get; private set; }

    /// <summary>Joins all nodes and lets them live. Returns when all have joined.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.JoinsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_nodes, parallel, async (node, joining) => await node.JoinAsync(joining));
        _running = Task.WhenAll([.. _nodes.Select(node => node.RunAsync(_reverse, _stopping.Token)), ChangeAsync(_stopping.Token)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.StopAsync();
        _server.Dispose();
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        var each = _options.Nodes * _options.Containers * _options.ChangesPerMinute;
        if (each == 0)
        {
            return;
        }

        // A timer ticks every few milliseconds at best, and ticks that were missed are one.
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1) / Math.Min(each, 1200));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var due = TimeProvider.System.GetElapsedTime(begun).TotalMinutes * each;
            for (; Changes < due; Changes++)
            {
                await _nodes[Random.Shared.Next(_nodes.Length)].ChangeAsync(cancellationToken);
            }
        }
    }
}
