using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Images;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>Claims updates of containers, and writes down how far they are: only while the claim holds.</summary>
/// <remarks>Singleton; any thread. Claims are by the database's clock, so that portals need not agree on the time.</remarks>
internal sealed class ContainerUpdateStore(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const int LongestMessage = 1024;

    /// <summary>How long a portal that died is waited for.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The oldest that nobody works on; null for none.</summary>
    public async Task<ContainerUpdate?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var claim = Guid.NewGuid();
        var rows = await database.ContainerUpdates.FromSql($"""
            update container_updates set claim = {claim}, claimed_until = clock_timestamp() + {Lease}
            where id = (
                select waiting.id from container_updates waiting
                where waiting.finished_at is null and (waiting.claimed_until is null or waiting.claimed_until < clock_timestamp())
                order by waiting.created_at
                limit 1
                for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Keeps it.</summary>
    /// <returns>False when another has it.</returns>
    public async Task<bool> BeatAsync(ContainerUpdate update, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.ExecuteSqlAsync(
            $"""
            update container_updates set claimed_until = clock_timestamp() + {Lease}
            where id = {update.Id} and claim = {update.Claim} and finished_at is null
            """,
            cancellationToken) > 0;
    }

    /// <summary>Writes down what comes next, before it is done.</summary>
    /// <exception cref="OperationCanceledException">Another has it: nothing more is to be done here.</exception>
    public async Task EnterAsync(ContainerUpdate update, ContainerUpdatePhase phase, CancellationToken cancellationToken)
    {
        update.Phase = phase.ToString();
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (successor, wasRunning, message) = (update.SuccessorId, update.WasRunning, Cut(update.Message));
        var mine = await Mine(database, update).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Phase, update.Phase).SetProperty(row => row.SuccessorId, successor)
                .SetProperty(row => row.WasRunning, wasRunning).SetProperty(row => row.Message, message),
            cancellationToken);
        if (mine == 0)
        {
            throw new OperationCanceledException("another portal has it");
        }
    }

    /// <summary>The end of it.</summary>
    public async Task FinishAsync(ContainerUpdate update, ContainerUpdateState state, string message)
    {
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        var (text, now) = (Cut(message), time.GetUtcNow());
        await Mine(database, update).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, state.ToString()).SetProperty(row => row.Message, text)
                .SetProperty(row => row.FinishedAt, now).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
            CancellationToken.None);
    }

    /// <summary>Leaves it to whoever comes next, not before so long.</summary>
    public async Task ReleaseAsync(ContainerUpdate update, TimeSpan after)
    {
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        await database.Database.ExecuteSqlAsync(
            $"""
            update container_updates set claimed_until = clock_timestamp() + {after}
            where id = {update.Id} and claim = {update.Claim} and finished_at is null
            """,
            CancellationToken.None);
    }

    private static IQueryable<ContainerUpdate> Mine(PortalDbContext database, ContainerUpdate update) =>
        database.ContainerUpdates.Where(row => row.Id == update.Id && row.Claim == update.Claim && row.FinishedAt == null);

    private static string Cut(string text) => text.Length <= LongestMessage ? text : text[..(LongestMessage - 1)] + "…";
}
