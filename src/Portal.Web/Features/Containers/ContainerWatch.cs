using System.Runtime.CompilerServices;
using System.Security.Claims;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers;

/// <summary>
/// Live logs and counters for people. The grant is checked when a view opens and again while it is open: whoever loses it sees
/// nothing more within seconds.
/// </summary>
public sealed class ContainerWatch(IAuthorizer authorizer, ITelemetry telemetry, TimeProvider time)
{
    private static readonly TimeSpan s_recheckAfter = TimeSpan.FromSeconds(5);

    public IAsyncEnumerable<LogBatch> LogsAsync(
        ClaimsPrincipal user, ContainerKey container, int tail, CancellationToken cancellationToken) =>
        GuardAsync(
            user,
            PermissionNames.ContainersLogs,
            container.NodeId,
            token => telemetry.WatchLogsAsync(container.NodeId, container.Id, tail, token),
            cancellationToken);

    public IAsyncEnumerable<StatsSample> StatsAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        GuardAsync(
            user,
            PermissionNames.ContainersView,
            container.NodeId,
            token => telemetry.WatchStatsAsync(container.NodeId, container.Id, token),
            cancellationToken);

    private async IAsyncEnumerable<T> GuardAsync<T>(
        ClaimsPrincipal user,
        string permission,
        Guid nodeId,
        Func<CancellationToken, IAsyncEnumerable<T>> watch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
        var checkedAt = time.GetTimestamp();
        await foreach (var item in watch(cancellationToken).WithCancellation(cancellationToken))
        {
            if (time.GetElapsedTime(checkedAt) > s_recheckAfter)
            {
                await RecheckAsync(user, permission, nodeId, cancellationToken);
                checkedAt = time.GetTimestamp();
            }

            yield return item;
        }
    }

    private async Task RecheckAsync(ClaimsPrincipal user, string permission, Guid nodeId, CancellationToken cancellationToken)
    {
        try
        {
            await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // While the database is away no grant changes either: what was allowed goes on.
        }
    }
}
