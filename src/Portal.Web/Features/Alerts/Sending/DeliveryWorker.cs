using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Languages;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>
/// Sends what waits, in one portal of all that share the database, and tries again for a day. A message is marked as sent after the target
/// took it: a portal that dies in between sends it again, so each arrives at least once.
/// </summary>
internal sealed partial class DeliveryWorker(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    AlertSender sender,
    TargetSecrets secrets,
    TimeProvider time,
    ILogger<DeliveryWorker> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    // "alertsnd" in ASCII.
    private const long LockKey = 0x616C657274736E64;
    private const int AtOnce = 20;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    protected override string Name => "sending alerts";

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var work = await contexts.CreateDbContextAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var due = await work.AlertDeliveries
            .Where(row => row.DueAt <= now).OrderBy(row => row.DueAt).Take(AtOnce).ToListAsync(cancellationToken);
        var ids = due.Select(row => row.TargetId).Distinct().ToList();
        var targets = await work.AlertTargets.AsNoTracking()
            .Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);

        // Before they are sent: the context is for one at a time.
        var ready = new List<(AlertDelivery Row, IReadOnlyList<(TargetSettings Settings, Language Language)> Readers)>();
        foreach (var row in due)
        {
            if (await TargetReadersAsync(work, row, targets[row.TargetId], cancellationToken) is { } readers)
            {
                ready.Add((row, readers));
            }
        }

        // Beside each other: a target that does not answer holds up no other.
        await Task.WhenAll(ready.Select(one => SendAsync(one.Row, targets[one.Row.TargetId], one.Readers, cancellationToken)));
        await work.SaveChangesAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<(TargetSettings Settings, Language Language)>?> TargetReadersAsync(
        PortalDbContext work, AlertDelivery delivery, AlertTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return await TargetReaders.OfAsync(work, target, secrets.Unprotect(target.Id, target.Settings), cancellationToken);
        }
        catch (SendingException failure)
        {
            Postpone(delivery, failure.Message);
            LogNotSent(target.Name, delivery.Attempts, failure.Message);
            return null;
        }
    }

    private async Task SendAsync(
        AlertDelivery delivery, AlertTarget target, IReadOnlyList<(TargetSettings Settings, Language Language)> readers,
        CancellationToken cancellationToken)
    {
        try
        {
            var (kind, message) = (Enum.Parse<TargetKind>(target.Kind), AlertMessage.Parse(delivery.Message));
            foreach (var (settings, language) in readers)
            {
                await LanguageFlow.In(
                    language, () => sender.SendAsync(kind, settings, message.ForReader(target.PortalUrl), $"{delivery.Id}", cancellationToken));
            }

            (delivery.SentAt, delivery.DueAt, delivery.Error) = (_time.GetUtcNow(), null, "");
        }
        catch (SendingException failure)
        {
            Postpone(delivery, failure.Message);
            LogNotSent(target.Name, delivery.Attempts, failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Postpone(delivery, N("The message could not be made; the portal's log says why."));
            LogBroken(target.Name, failure);
        }
    }

    private void Postpone(AlertDelivery delivery, string error)
    {
        var now = _time.GetUtcNow();
        delivery.Attempts++;
        delivery.Error = error.Length <= 1024 ? error : error[..1024];
        var delay = TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, Math.Min(delivery.Attempts, 12)), 1800));
        delivery.DueAt = now + delay > delivery.CreatedAt + s_longest ? null : now + delay;
    }

    [LoggerMessage(2420, LogLevel.Warning, "An alert did not reach target '{Target}' in attempt {Attempt}: {Reason}")]
    private partial void LogNotSent(string target, int attempt, string reason);

    [LoggerMessage(2421, LogLevel.Error, "An alert for target '{Target}' could not be sent.")]
    private partial void LogBroken(string target, Exception failure);
}
