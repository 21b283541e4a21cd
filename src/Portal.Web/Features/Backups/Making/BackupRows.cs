using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;

namespace Portal.Web.Features.Backups.Making;

/// <summary>
/// Backups in the database. A portal that makes or checks one has it under a lease; what a portal's end broke off is told as failed once
/// that has run out.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class BackupRows(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>Shorter than that of a job's run: one that is begun again is not kept from it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const int KeptFailures = 50;
    private const int LongestMessage = 2048;
    private static readonly string s_broken = N("The portal that did it ended in the middle.");

    /// <summary>Begins a backup; nothing is written yet.</summary>
    /// <exception cref="BackupException">One is made there already, or the destination is gone.</exception>
    public async Task<PortalBackup> BeginAsync(BackupDestination destination, string actor, CancellationToken cancellationToken)
    {
        await EndBrokenAsync(cancellationToken);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new PortalBackup
        {
            Id = id,
            DestinationId = destination.Id,
            Name = FormattableString.Invariant($"portal-{now.UtcDateTime:yyyyMMdd-HHmmss}-{id.ToString("N")[^6..]}.backup"),
            ActorName = actor,
            Host = Environment.MachineName,
            State = BackupState.Running,
            CreatedAt = now,
            LeaseUntil = now + Lease,
        };
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        database.PortalBackups.Add(row);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            await BeatAsync(row.Id, 0, cancellationToken);
            return row;
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new BackupException(E("A backup to '{0}' is being made already.", destination.Name), failure);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new BackupException(N("There is no such destination any more."), failure);
        }
    }

    /// <summary>Begins to check a backup.</summary>
    /// <returns>False when it is checked already, or is none that could be.</returns>
    public async Task<bool> BeginCheckAsync(Guid id, CancellationToken cancellationToken)
    {
        await EndBrokenAsync(cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.ExecuteSqlAsync(
            $"""
            update portal_backups set check_state = {BackupState.Running}, check_message = '', checked_at = clock_timestamp(),
                lease_until = clock_timestamp() + {Lease}
            where id = {id} and state = {BackupState.Succeeded} and check_state <> {BackupState.Running}
            """, cancellationToken) > 0;
    }

    /// <summary>Renews the lease and tells how far it is.</summary>
    public async Task<bool> BeatAsync(Guid id, long bytes, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.ExecuteSqlAsync(
            $"""
            update portal_backups set lease_until = clock_timestamp() + {Lease},
                bytes = case when state = {BackupState.Running} then {bytes} else bytes end
            where id = {id} and (state = {BackupState.Running} or check_state = {BackupState.Running})
            """, cancellationToken) > 0;
    }

    /// <summary>Ends a backup; null for what went wrong is a success.</summary>
    public async Task FinishAsync(PortalBackup row, long bytes, string digest, string? wrong)
    {
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        var state = wrong is null ? BackupState.Succeeded : BackupState.Failed;
        await database.Database.ExecuteSqlAsync(
            $"""
            update portal_backups set state = {state}, message = {Cut(wrong ?? "")}, bytes = {bytes}, digest = {digest},
                finished_at = clock_timestamp(), lease_until = null
            where id = {row.Id} and state = {BackupState.Running}
            """);
        await database.Database.ExecuteSqlAsync(
            $"""
            delete from portal_backups where destination_id = {row.DestinationId} and state = {BackupState.Failed} and id not in (
                select id from portal_backups where destination_id = {row.DestinationId} and state = {BackupState.Failed}
                order by created_at desc limit {KeptFailures})
            """);
    }

    public async Task FinishCheckAsync(Guid id, bool passed, string message)
    {
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        var state = passed ? BackupState.Passed : BackupState.Failed;
        await database.Database.ExecuteSqlAsync(
            $"""
            update portal_backups set check_state = {state}, check_message = {Cut(message)}, checked_at = clock_timestamp(),
                lease_until = null
            where id = {id} and check_state = {BackupState.Running}
            """);
    }

    /// <summary>Those that are more or older than a destination keeps; never the newest, nor one that is being checked.</summary>
    public async Task<IReadOnlyList<PortalBackup>> OldAsync(BackupDestination destination, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var good = await database.PortalBackups.AsNoTracking()
            .Where(row => row.DestinationId == destination.Id && row.State == BackupState.Succeeded)
            .OrderByDescending(row => row.CreatedAt).ToListAsync(cancellationToken);
        var before = time.GetUtcNow() - TimeSpan.FromDays(destination.KeepDays);
        return [.. good.Skip(1)
            .Where((row, index) => (destination.KeepCount > 0 && index + 1 >= destination.KeepCount)
                || (destination.KeepDays > 0 && row.CreatedAt < before))
            .Where(row => row.CheckState != BackupState.Running)];
    }

    public async Task<PortalBackup?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.PortalBackups.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    public async Task ForgetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.PortalBackups.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    public async Task EndBrokenAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync(
            $"""
            update portal_backups set
                message = case when state = {BackupState.Running} then {s_broken} else message end,
                finished_at = case when state = {BackupState.Running} then clock_timestamp() else finished_at end,
                check_message = case when check_state = {BackupState.Running} then {s_broken} else check_message end,
                check_state = case when check_state = {BackupState.Running} then {BackupState.Failed} else check_state end,
                state = case when state = {BackupState.Running} then {BackupState.Failed} else state end,
                lease_until = null
            where lease_until < clock_timestamp()
            """, cancellationToken);
    }

    private static string Cut(string text) => text.Length <= LongestMessage ? text : text[..(LongestMessage - 1)] + "…";
}
