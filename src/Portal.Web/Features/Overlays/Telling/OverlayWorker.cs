using Npgsql;
using Portal.Web.Nodes;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Overlays.Telling;

/// <summary>
/// Tells nodes of each other in one portal of all that share the database: when somebody makes a network, when a node comes, when containers
/// come or go, and every few seconds for what nobody told.
/// </summary>
internal sealed class OverlayWorker(
    NpgsqlDataSource database, OverlayTeller teller, OverlaySignal signal, IFleet fleet, TimeProvider time, ILogger<OverlayWorker> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromSeconds(1), time, logger)
{
    // "overlays" in ASCII.
    private const long LockKey = 0x6F7665726C617973;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_atLeast = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time = time;

    protected override string Name => "telling nodes of overlay networks";

    protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        teller.Begin();
        return Task.CompletedTask;
    }

    /// <summary>Goes on for some seconds: between rounds it is asked whether this portal still is the one.</summary>
    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var end = _time.GetUtcNow() + s_round;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var pictures = fleet.WatchAsync(ending.Token).GetAsyncEnumerator(CancellationToken.None);
        var picture = pictures.MoveNextAsync().AsTask();
        try
        {
            while (_time.GetUtcNow() < end)
            {
                // Before the work: what changes during it makes the next turn come at once.
                var made = signal.Next;
                await teller.RunAsync(cancellationToken);
                var later = Task.Delay(s_atLeast, _time, cancellationToken);
                while (!made.IsCompleted && !later.IsCompleted && !teller.IsDue())
                {
                    await Task.WhenAny(made, picture, later);
                    picture = picture.IsCompleted && await picture ? pictures.MoveNextAsync().AsTask() : picture;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            // A step that is under way must end before its sequence may.
            await ending.CancelAsync();
            await picture.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
