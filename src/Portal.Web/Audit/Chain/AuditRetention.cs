using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access;

namespace Portal.Web.Audit.Chain;

/// <summary>Removes entries that are older than an administrator wants them kept; as set, for ever.</summary>
/// <remarks>Singleton; any thread. Each portal looks once an hour; the removal itself is one at a time.</remarks>
internal sealed partial class AuditRetention(
    IDbContextFactory<PortalDbContext> contexts, AuditChain chain, IAuditLog audit, TimeProvider time, ILogger<AuditRetention> logger)
    : BackgroundService
{
    /// <summary>Less is refused: an intruder must not be able to wipe what they just did.</summary>
    public const int LeastDays = 30;

    public const int MostDays = 36_500;

    private const string Setting = "audit-retention-days";
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    /// <summary>For how many days entries are kept; 0 for ever.</summary>
    public async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await context.Settings.AsNoTracking().Where(setting => setting.Key == Setting)
            .Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0;
    }

    /// <exception cref="ArgumentOutOfRangeException">The days are neither 0 nor between the bounds.</exception>
    public async Task WriteAsync(Actor actor, int days, CancellationToken cancellationToken)
    {
        if (days != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(days, LeastDays);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        }

        var text = days.ToString(CultureInfo.InvariantCulture);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"""
            insert into settings (key, value, updated_at) values ({Setting}, {text}, {time.GetUtcNow()})
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
            """,
            cancellationToken);
        await RecordAsync(actor, "audit.retention", days == 0 ? "for ever" : $"{days} days", cancellationToken);
    }

    /// <summary>Removes what is due now.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not (> 0 and var days))
        {
            return 0;
        }

        var removed = await chain.PruneAsync(time.GetUtcNow().AddDays(-days), cancellationToken);
        if (removed > 0)
        {
            await RecordAsync(Actor.Portal, "audit.prune", $"{removed} entries older than {days} days", CancellationToken.None);
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure);
            }

            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task RecordAsync(Actor actor, string action, string detail, CancellationToken cancellationToken) => audit.WriteAsync(
        new AuditEntry(actor, action, "audit_log", "", "audit log", null, AuditOutcome.Succeeded, detail), cancellationToken);

    [LoggerMessage(5802, LogLevel.Warning, "Old entries of the audit log could not be removed; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
