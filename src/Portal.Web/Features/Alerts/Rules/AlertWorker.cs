using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Nodes;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>Evaluates the rules every ten seconds, in one portal of all that share the database.</summary>
internal sealed class AlertWorker(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    AlertObserver observer,
    StackSourceStates sources,
    JobStates jobs,
    IFleet fleet,
    TimeProvider time,
    ILogger<AlertWorker> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    // "alertrnd" in ASCII.
    private const long LockKey = 0x616C657274726E64;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    // A portal that has just started does not know who is there: nodes come back within seconds.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_history = TimeSpan.FromDays(90);
    private readonly AlertRound _round = new(contexts, observer.Observe, fleet);
    private readonly TimeProvider _time = time;
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private DateTimeOffset _nextCleaning;

    protected override string Name => "evaluating alert rules";

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (now - _begun < s_settling)
        {
            return;
        }

        await sources.ReadAsync(cancellationToken);
        await jobs.ReadAsync(cancellationToken);
        await _round.RunAsync(now, cancellationToken);
        if (now >= _nextCleaning)
        {
            await using var work = await contexts.CreateDbContextAsync(cancellationToken);
            var oldest = now - s_history;
            await work.Alerts
                .Where(alert => alert.State == AlertStates.Resolved && alert.BeganAt < oldest).ExecuteDeleteAsync(cancellationToken);
            await work.AlertDeliveries.Where(row => row.DueAt == null && row.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
            _nextCleaning = now + TimeSpan.FromHours(1);
        }
    }
}
