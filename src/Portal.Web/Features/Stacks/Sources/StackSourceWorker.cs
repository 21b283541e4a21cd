using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>
/// Looks at sources when their time has come. The times are in the database: each portal takes what is due and nobody else has taken, and
/// what one has taken that is gone is due again for the others. A look that is late all the same is an alert, and told on the stack's page.
/// </summary>
internal sealed partial class StackSourceWorker(
    IDbContextFactory<PortalDbContext> contexts, StackSources sources, TimeProvider time, ILogger<StackSourceWorker> logger)
    : BackgroundService
{
    private const int MostAtOnce = 3;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>Takes what is longest due.</summary>
    /// <returns>Null when nothing is.</returns>
    public async Task<(Guid StackId, Guid Claim)?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (claim, now) = (Guid.NewGuid(), time.GetUtcNow());
        var taken = await database.Database.SqlQuery<Guid>(
            $"""
            update stack_sources set claimed_by = {claim}, claimed_until = {now + StackSources.Lease}
            where stack_id = (
                select stack_id from stack_sources
                where next_at <= {now} and (claimed_until is null or claimed_until < {now})
                order by next_at limit 1 for update skip locked)
            returning stack_id as "Value"
            """).ToListAsync(cancellationToken);
        return taken.Count > 0 ? (taken[0], claim) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await TakeAsync(stoppingToken) is var (stackId, claim))
                {
                    var reason = new StackRefreshReason(StackRefreshCause.Poll, Actor.Portal, "looked by itself");
                    await sources.RefreshAsync(stackId, claim, reason, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(logger, failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(2440, LogLevel.Warning, "Looking at the Git sources of stacks failed; it is tried again.")]
    private static partial void LogRoundFailed(ILogger logger, Exception failure);
}
