using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Logs;

/// <summary>Who loses the permission in the middle of a log sees no more of it.</summary>
public sealed class ContainerWatchTests : IAuthorizer, ITelemetry
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<LogBatch> _log = Channel.CreateUnbounded<LogBatch>();
    private readonly ContainerKey _container = new(Guid.NewGuid(), new string('a', 64), "web");
    private readonly ClaimsPrincipal _user = new();
    private bool _allowed = true;
    private int _reads;

    [Fact]
    public async Task LogsAsync_GrantIsTaken_EndsBeforeTheNextLine()
    {
        using var watch = new ContainerWatch(this, this, _time);
        await using var lines = watch.LogsAsync(_user, _container, 10, default).GetAsyncEnumerator();
        await NextAsync(lines);

        _allowed = false;
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await Assert.ThrowsAsync<AccessDeniedException>(() => NextAsync(lines));
    }

    [Fact]
    public async Task LogsAsync_ManyLogsOfOnePage_AskOnceASecond()
    {
        using var watch = new ContainerWatch(this, this, _time);
        var views = Enumerable.Range(0, 20)
            .Select(_ => watch.LogsAsync(_user, _container, 10, default).GetAsyncEnumerator()).ToList();
        foreach (var view in views)
        {
            await NextAsync(view);
        }

        for (var round = 1; round <= 3; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.1));
            foreach (var view in views)
            {
                await NextAsync(view);
            }

            Assert.Equal(round, _reads);
        }

        foreach (var view in views)
        {
            await view.DisposeAsync();
        }
    }

    public ValueTask<bool> IsAllowedAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) => new(_allowed);

    public ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) =>
        _allowed ? new(Actor.Portal) : throw new AccessDeniedException(permission);

    public ValueTask<EffectiveAccess> ReadAccessAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        _reads++;
        return new(_allowed ? new EffectiveAccess([(BuiltInRoles.Administrator, null)]) : EffectiveAccess.None);
    }

    public async IAsyncEnumerable<LogBatch> WatchLogsAsync(
        Guid nodeId, string containerId, int tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in _log.Reader.ReadAllAsync(cancellationToken))
        {
            yield return batch;
        }
    }

    public IAsyncEnumerable<StatsSample> WatchStatsAsync(Guid nodeId, string containerId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private async Task NextAsync(IAsyncEnumerator<LogBatch> lines)
    {
        _log.Writer.TryWrite(new LogBatch("s", [], 1, false, null));
        Assert.True(await lines.MoveNextAsync());
    }
}
