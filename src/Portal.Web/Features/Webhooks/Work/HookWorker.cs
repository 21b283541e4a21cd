using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Webhooks;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>
/// Works on deliveries, in every portal: each takes what no other has taken. Who takes one says so for a minute at a time; when that runs out
/// without a word, its portal has died and another takes it.
/// </summary>
internal sealed partial class HookWorker(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    HookActions actions,
    HookSignal signal,
    TimeProvider time,
    ILogger<HookWorker> logger)
    : BackgroundService
{
    private const int AtOnce = 4;
    private const int MostAttempts = 6;
    private const int LongestDetail = 1024;
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(2);
    private readonly ILogger _logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RunAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops. What it works on is taken up again when its minute is over, or at once when it gives it back.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var worked = false;
            try
            {
                worked = await TryOneAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogRoundFailed(failure);
            }

            if (!worked)
            {
                await signal.WaitAsync(s_idle, time, cancellationToken);
            }
        }
    }

    private async Task<bool> TryOneAsync(CancellationToken cancellationToken)
    {
        var claim = Guid.NewGuid();
        if (await ClaimAsync(claim, cancellationToken) is not { } id)
        {
            return false;
        }

        // There may be more: those who sleep are to look too.
        signal.Raise();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var delivery = await context.WebhookDeliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (delivery is null)
        {
            return true;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(id, claim, ended);
        try
        {
            var outcome = await TryAsync(delivery, ended.Token);
            await FinishAsync(delivery, claim, outcome);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            await GiveBackAsync(id, claim);
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
        }

        return true;
    }

    // Null: it is to be tried again.
    private async Task<HookOutcome?> TryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await actions.RunAsync(delivery, cancellationToken);
        }
        catch (HookException failure)
        {
            return new HookOutcome(HookState.Failed, failure.Message);
        }
        catch (HookRetryException failure)
        {
            LogPutOff(delivery.Id, delivery.Attempts, failure.Message);
            return null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(delivery.Id, delivery.Attempts, failure);
            return delivery.Attempts < MostAttempts ? null
                : new HookOutcome(HookState.Failed, E("It failed {0} times; the portal's log says why.", delivery.Attempts));
        }
    }

    private async Task<Guid?> ClaimAsync(Guid claim, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var command = database.CreateCommand(
            """
            update webhook_deliveries set state = 'working', claim = $1, due_at = $2, attempts = attempts + 1
            where id = (select id from webhook_deliveries where due_at <= $3 order by due_at limit 1 for update skip locked)
            returning id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = claim });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now + s_lease });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    // Ends the work when somebody else has it: this portal was believed dead.
    private async Task RenewAsync(Guid id, Guid claim, CancellationTokenSource ended)
    {
        try
        {
            using var timer = new PeriodicTimer(s_renewal, time);
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                if (await MoveAsync(id, claim, HookState.Working, time.GetUtcNow() + s_lease, claim) == 0)
                {
                    await ended.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is done.
        }
        catch (Exception failure)
        {
            LogRoundFailed(failure);
        }
    }

    private Task FinishAsync(WebhookDelivery delivery, Guid claim, HookOutcome? outcome) => outcome is null
        ? MoveAsync(delivery.Id, claim, HookState.Waiting, time.GetUtcNow() + DelayAfter(delivery.Attempts), null)
        : EndAsync(delivery.Id, claim, outcome);

    private Task GiveBackAsync(Guid id, Guid claim) => MoveAsync(id, claim, HookState.Waiting, time.GetUtcNow(), null);

    private async Task<int> MoveAsync(Guid id, Guid claim, string state, DateTimeOffset due, Guid? next)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        return await context.WebhookDeliveries.Where(row => row.Id == id && row.Claim == claim).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, state).SetProperty(row => row.DueAt, due).SetProperty(row => row.Claim, next));
    }

    // Once it is done that is written down, whoever wants to stop.
    private async Task EndAsync(Guid id, Guid claim, HookOutcome outcome)
    {
        var (state, deployment, now) = (outcome.State, outcome.DeploymentId, time.GetUtcNow());
        var detail = outcome.Detail.Length <= LongestDetail ? outcome.Detail : outcome.Detail[..LongestDetail];
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await context.WebhookDeliveries.Where(row => row.Id == id && row.Claim == claim).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, state).SetProperty(row => row.Detail, detail)
            .SetProperty(row => row.DeploymentId, deployment).SetProperty(row => row.FinishedAt, now)
            .SetProperty(row => row.DueAt, (DateTimeOffset?)null).SetProperty(row => row.Claim, (Guid?)null));
    }

    // 3 s, 12 s, 48 s, 3 min, 13 min.
    private static TimeSpan DelayAfter(int attempts) => TimeSpan.FromSeconds(3 * Math.Pow(4, attempts - 1));

    [LoggerMessage(2700, LogLevel.Warning, "Work on webhook deliveries failed; it is tried again.")]
    private partial void LogRoundFailed(Exception failure);

    [LoggerMessage(2702, LogLevel.Warning, "Webhook delivery {Delivery} is tried again after attempt {Attempt}: {Reason}")]
    private partial void LogPutOff(Guid delivery, int attempt, string reason);

    [LoggerMessage(2701, LogLevel.Error, "Webhook delivery {Delivery} failed in attempt {Attempt}.")]
    private partial void LogFailed(Guid delivery, int attempt, Exception failure);
}
