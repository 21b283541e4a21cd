using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;

namespace Portal.Web.Audit;

/// <summary>Reads the audit log, newest first. The caller has asked for <c>audit.view</c>.</summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class AuditReader(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>One page.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ReadPageAsync(AuditFilter filter, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await filter.Apply(context.AuditLog.AsNoTracking())
            .OrderByDescending(record => record.Id)
            .Take(size)
            .ToListAsync(cancellationToken);
    }

    /// <summary>All of it, as it comes from the database.</summary>
    public async IAsyncEnumerable<AuditRecord> ReadAllAsync(
        AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = filter.Apply(context.AuditLog.AsNoTracking()).OrderByDescending(record => record.Id).AsAsyncEnumerable();
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            yield return record;
        }
    }
}
