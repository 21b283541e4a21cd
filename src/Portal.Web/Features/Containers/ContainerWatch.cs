using System.Runtime.CompilerServices;
using System.Security.Claims;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers;

/// <summary>
/// Live logs and counters for people. The grant is checked when a view opens and again while it is open: whoever loses it sees
/// nothing more within a second.
/// </summary>
/// <remarks>One for each circuit, and so for each person.</remarks>
public sealed class ContainerWatch(IAuthorizer authorizer, ITelemetry telemetry, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_recheckAfter = TimeSpan.FromSeconds(1);

    // What all streams of a person's page ask, asked once: a page of fifty logs asks no oftener than one of a single log.
    private readonly SemaphoreSlim _reading = new(1);
    private EffectiveAccess _access = EffectiveAccess.None;
    private ClaimsPrincipal? _accessOf;
    private long _accessRead;

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

    public void Dispose() => _reading.Dispose();

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
            var access = await ReadAccessAsync(user, cancellationToken);
            if (!access.Allows(permission, AccessScope.Node(nodeId)))
            {
                await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // While the database is away no grant changes either: what was allowed goes on.
        }
    }

    private async ValueTask<EffectiveAccess> ReadAccessAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(user, _accessOf) || time.GetElapsedTime(_accessRead) > s_recheckAfter)
            {
                var asked = time.GetTimestamp();
                _access = await authorizer.ReadAccessAsync(user, cancellationToken);
                (_accessOf, _accessRead) = (user, asked);
            }

            return _access;
        }
        finally
        {
            _reading.Release();
        }
    }
}
