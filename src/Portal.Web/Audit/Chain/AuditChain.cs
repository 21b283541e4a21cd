using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;

namespace Portal.Web.Audit.Chain;

/// <summary>Checks the audit log's chain, and removes old entries so that the rest can still be checked.</summary>
/// <remarks>Singleton; any thread. The caller has asked for the permission.</remarks>
internal sealed class AuditChain(IDbContextFactory<PortalDbContext> contexts, AuditChainKey keys, TimeProvider time)
{
    // "audit" in ASCII: entries are chained one batch at a time, whichever portal writes.
    internal const long LockKey = 0x6175646974;

    /// <summary>Walks the whole chain, in constant memory.</summary>
    public async Task<AuditCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var key = await keys.ReadAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // One picture of the log and the anchor, though entries are written and removed meanwhile.
        await using var transaction = await context.Database.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var anchor = await AuditAnchor.ReadAsync(context, cancellationToken);
        if (anchor?.IsSealedBy(key) == false)
        {
            return new AuditCheckResult(0, 0, null, "", AnchorBroken: true);
        }

        var before = anchor?.Hash ?? AuditHash.Start;
        long fits = 0, unchained = 0;
        var began = anchor is not null && !before.AsSpan().SequenceEqual(AuditHash.Start);
        var records = context.AuditLog.AsNoTracking().OrderBy(record => record.Id).AsAsyncEnumerable();
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            if (record.Hash is null && !began)
            {
                unchained++;
                continue;
            }

            began = true;
            if (record.Hash is null || !record.Hash.AsSpan().SequenceEqual(AuditHash.Of(key, before, record)))
            {
                return new AuditCheckResult(fits, unchained, record.Id, Convert.ToHexStringLower(before));
            }

            before = record.Hash;
            fits++;
        }

        return new AuditCheckResult(fits, unchained, null, Convert.ToHexStringLower(before));
    }

    /// <summary>Removes what is older, and leaves the anchor.</summary>
    /// <returns>How many entries went.</returns>
    public async Task<int> PruneAsync(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        var key = await keys.ReadAsync(cancellationToken);
        var limit = olderThan.ToUniversalTime();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);

        // Up to the first one that stays: clocks of portals differ, and the chain must not get holes.
        var first = await context.AuditLog.Where(record => record.At >= limit).MinAsync(record => (long?)record.Id, cancellationToken);
        var old = context.AuditLog.Where(record => first == null || record.Id < first);
        if (await old.OrderByDescending(record => record.Id).AsNoTracking().FirstOrDefaultAsync(cancellationToken) is not { } last)
        {
            return 0;
        }

        await AuditAnchor.Of(key, last.Id, last.Hash ?? AuditHash.Start).WriteAsync(context, time.GetUtcNow(), cancellationToken);
        await context.Database.ExecuteSqlAsync($"set local portal.audit_retention = 'on'", cancellationToken);
        var removed = await old.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return removed;
    }

    /// <summary>Writes entries, each chained to the one before, in one transaction.</summary>
    public async Task AppendAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        var key = await keys.ReadAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        var last = await context.AuditLog.AsNoTracking().OrderByDescending(record => record.Id)
            .Select(record => new { record.Hash }).FirstOrDefaultAsync(cancellationToken);
        var before = last is not null ? last.Hash ?? AuditHash.Start
            : (await AuditAnchor.ReadAsync(context, cancellationToken))?.Hash ?? AuditHash.Start;
        foreach (var record in records)
        {
            record.Hash = before = AuditHash.Of(key, before, record);
        }

        context.AuditLog.AddRange(records);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
