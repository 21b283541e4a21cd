using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>How the sources of all stacks stood when they were last read, for who watches them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackSourceStates(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    public IReadOnlyList<StackSourceState> Current { get; private set; } = [];

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from source in database.StackSources.AsNoTracking()
            join stack in database.Stacks on source.StackId equals stack.Id
            select new { stack.Id, stack.Name, stack.NodeId, source.NextAt, source.FailingSince, source.Error })
            .ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        Current = [.. rows.Select(row =>
        {
            var late = StackSourceDirectory.IsLate(row.NextAt, now) ? E("late by {0}", Units.Duration(now - row.NextAt!.Value)) : "";
            var failing = row.FailingSince is { } since ? E("fails for {0}: {1:said}", Units.Duration(now - since), row.Error) : "";
            return new StackSourceState(row.Id, row.Name, row.NodeId, late.Length > 0 ? late : failing);
        })];
    }
}
