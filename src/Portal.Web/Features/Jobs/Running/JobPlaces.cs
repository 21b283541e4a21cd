using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Jobs;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>The nodes on which a job works, as they are now.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class JobPlaces(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<IReadOnlyList<(Guid Id, string Name)>> OfAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Nodes.AsNoTracking()
            .Where(node => job.NodeId == null || node.Id == job.NodeId)
            .Where(node => job.EnvironmentId == null || node.EnvironmentId == job.EnvironmentId)
            .OrderBy(node => node.Name).Select(node => new { node.Id, node.Name }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Id, row.Name))];
    }
}
