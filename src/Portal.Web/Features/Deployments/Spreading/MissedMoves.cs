using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>
/// What lost nodes have missed of stacks that were stopped or removed: written with the end of what did that on the other nodes, and done
/// by the same, as a job of the portal's own, when they are back.
/// </summary>
internal static class MissedMoves
{
    /// <summary>Keeps what the nodes that were left out have missed; what others had missed, they have done by now.</summary>
    /// <remarks>In the transaction that ends the deployment. <c>leftOut</c>: null where nothing was stopped or removed.</remarks>
    public static async Task WriteAsync(
        PortalDbContext database, Deployment claim, DeploymentOperation operation, IReadOnlyList<Guid> leftOut, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var rows = await database.MissedMoves.Where(row => row.StackId == claim.StackId).ToListAsync(cancellationToken);

        // Where it is to be removed there is nothing to stop.
        database.MissedMoves.RemoveRange(rows.Where(row =>
            !leftOut.Contains(row.NodeId) && (operation == DeploymentOperation.Remove || row.Operation == operation.ToString())));
        var nodes = await database.Nodes.Where(node => leftOut.Contains(node.Id)).Select(node => node.Id).ToListAsync(cancellationToken);
        foreach (var node in nodes)
        {
            if (rows.Find(row => row.NodeId == node) is not { } row)
            {
                row = new MissedMove { StackId = claim.StackId, NodeId = node, Operation = operation.ToString(), MissedAt = now };
                database.MissedMoves.Add(row);
            }

            if (operation == DeploymentOperation.Remove)
            {
                (row.Operation, row.RemoveVolumes) = (operation.ToString(), row.RemoveVolumes || claim.RemoveVolumes);
            }
        }
    }

    /// <summary>Forgets what is not wanted any more: the stack was deployed, or started, since.</summary>
    public static Task ForgetAsync(
        PortalDbContext database, Deployment claim, DeploymentOperation operation, CancellationToken cancellationToken) => operation switch
        {
            DeploymentOperation.Deploy => database.MissedMoves.Where(row => row.StackId == claim.StackId)
                .ExecuteDeleteAsync(cancellationToken),
            DeploymentOperation.Start or DeploymentOperation.Restart => database.MissedMoves
                .Where(row => row.StackId == claim.StackId && row.Operation == nameof(DeploymentOperation.Stop))
                .ExecuteDeleteAsync(cancellationToken),
            _ => Task.CompletedTask,
        };

    /// <summary>Whether a stop or a removal is still what is wanted of a stack.</summary>
    public static bool IsWanted(string operation, Stack stack) => operation == nameof(DeploymentOperation.Remove)
        ? stack.GoodRevision is null : stack.Intent == nameof(StackIntent.Stopped);

    /// <summary>The names of the nodes that are to make up for a stop or a removal of a stack that is still wanted.</summary>
    public static async Task<IReadOnlyList<string>> NodesAsync(PortalDbContext database, Stack stack, CancellationToken cancellationToken)
    {
        var missed = await (
            from row in database.MissedMoves
            join node in database.Nodes on row.NodeId equals node.Id
            where row.StackId == stack.Id
            orderby node.Name
            select new { row.Operation, node.Name }).ToListAsync(cancellationToken);
        return [.. missed.Where(one => IsWanted(one.Operation, stack)).Select(one => one.Name)];
    }

    /// <summary>In words for people, once it has ended.</summary>
    public static string TextOf(DeploymentOperation operation, IEnumerable<string> leftOut)
    {
        var names = string.Join(", ", leftOut.Select(name => $"'{name}'"));
        return names.Length == 0 ? ""
            : operation == DeploymentOperation.Stop ? E("Lost, and stopped there when it is back: {0}.", names)
            : E("Lost, and removed there when it is back: {0}.", names);
    }
}
