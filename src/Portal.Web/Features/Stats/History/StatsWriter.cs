using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stats.History;

/// <summary>Writes what the steps gathered, in one batch a step. While the database is away it holds some minutes of points.</summary>
internal sealed partial class StatsWriter(
    StatsBuckets buckets, StatsStore store, IFleet fleet, TimeProvider time, ILogger<StatsWriter> logger) : BackgroundService
{
    private const int MostHeld = 500_000;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private readonly List<StatsRow> _waiting = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops. The step that is open is lost; those that are over are written.
            await WriteAsync(CancellationToken.None);
        }
    }

    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        _waiting.AddRange(buckets.TakeClosed());
        if (_waiting.Count > MostHeld)
        {
            LogLeftOut(_waiting.Count - MostHeld);
            _waiting.RemoveRange(0, _waiting.Count - MostHeld);
        }

        if (_waiting.Count == 0)
        {
            return;
        }

        try
        {
            await store.WriteAsync(_waiting, NameOf, cancellationToken);
            _waiting.Clear();
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            LogNotWritten(_waiting.Count, failure);
        }
    }

    private string NameOf((Guid NodeId, string ContainerId) key) =>
        fleet.Current.Nodes.GetValueOrDefault(key.NodeId)?.Containers.GetValueOrDefault(key.ContainerId)?.Name ?? "";

    [LoggerMessage(2410, LogLevel.Warning, "{Count} points of the stats history could not be written; they are written again.")]
    private partial void LogNotWritten(int count, Exception failure);

    [LoggerMessage(2411, LogLevel.Warning, "{Count} points of the stats history were left out: the database is away for too long.")]
    private partial void LogLeftOut(int count);
}
