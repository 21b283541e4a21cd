using Portal.Agent.Telemetry;

namespace Portal.Agent.Link.Portals;

/// <summary>
/// Keeps a link to each portal of the database: asks which one answers, links to it, is told of the others by it, and links to those. A
/// portal that ended is forgotten when the others tell so, or when whoever answers in its place says that it is gone.
/// </summary>
/// <remarks>
/// Which portals there are is what any of them has told last. A link that stands is left alone whatever is told, so that a portal that
/// is out of touch with the database cuts nobody off.
/// </remarks>
internal sealed partial class PortalLinks(
    IdentityWatch identities,
    IdentityStore store,
    ReverseConnections reverse,
    TelemetrySources sources,
    LinkStatus status,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private const int MostPortals = 32;
    private readonly ILogger _logger = loggers.CreateLogger<PortalLinks>();
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, (CancellationTokenSource Stopping, Task Running)> _links = [];
    private readonly SemaphoreSlim _lookAgain = new(0, 1);
    private readonly ReconnectDelay _delay = new(Random.Shared);
    private HashSet<Guid>? _told;
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        try
        {
            while (true)
            {
                await identities.WaitAsync(stoppingToken).ConfigureAwait(false);
                if (status.Current.IsOnline || !await TryFindAsync(stoppingToken).ConfigureAwait(false))
                {
                    _delay.Reset();
                }

                await _lookAgain.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(Running()).ConfigureAwait(false);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _lookAgain.Dispose();
    }

    /// <summary>Links to the portal that answers, whichever it is.</summary>
    private async Task<bool> TryFindAsync(CancellationToken cancellationToken)
    {
        var (identity, changed) = identities.Current;
        if (identity is null)
        {
            return false;
        }

        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(changed, cancellationToken);
        try
        {
            var portal = await PortalSearch.FirstAsync(
                identity.Addresses,
                async address =>
                {
                    using var dialer = new PortalDialer(address);
                    return await dialer.AskPortalAsync(attempt.Token).ConfigureAwait(false);
                }).ConfigureAwait(false);
            Begin(portal ?? Guid.Empty);
            return false;
        }
        catch (LinkException failure)
        {
            status.Tell(failure.Message);
            LogNobody(failure.Message, failure);
            await Task.Delay(_delay.Next(failure.Problem), time, attempt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure);
            await Task.Delay(_delay.Next(LinkProblem.Failing), time, attempt.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Joined anew or left meanwhile: begin again with what holds now.
        }

        cancellationToken.ThrowIfCancellationRequested();
        LookAgain();
        return true;
    }

    private void Tell(IReadOnlyList<Guid> portals)
    {
        lock (_lock)
        {
            _told = [.. portals.Take(MostPortals)];

            // Whatever answered was the only one, and is one of these now.
            if (_links.TryGetValue(Guid.Empty, out var only) && _told.Count > 0)
            {
                only.Stopping.Cancel();
            }
        }

        foreach (var portal in portals.Take(MostPortals))
        {
            Begin(portal);
        }
    }

    private void Begin(Guid portal)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || _links.ContainsKey(portal))
            {
                return;
            }

            // Not disposed: whoever still holds its token may register on it.
            var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            _links[portal] = (stopping, KeepAsync(portal, stopping.Token));
        }
    }

    private async Task KeepAsync(Guid portal, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            var target = new PortalTarget(portal == Guid.Empty ? null : portal, () => IsWanted(portal), LookAgain);
            await new PortalLink(target, () => Connector(target), reverse, sources, Tell, status, loggers)
                .RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure);
        }
        finally
        {
            lock (_lock)
            {
                _links.Remove(portal);
            }

            LookAgain();
        }
    }

    private PortalConnector Connector(PortalTarget target) =>
        new(target, identities, store, status, time, loggers.CreateLogger<PortalConnector>());

    // Before anybody has told which there are, the one that was found is all that is known.
    private bool IsWanted(Guid portal)
    {
        lock (_lock)
        {
            return _told is null || portal == Guid.Empty || _told.Contains(portal);
        }
    }

    private Task[] Running()
    {
        lock (_lock)
        {
            return [.. _links.Values.Select(link => link.Running)];
        }
    }

    private void LookAgain()
    {
        try
        {
            _lookAgain.Release();
        }
        catch (Exception failure) when (failure is SemaphoreFullException or ObjectDisposedException)
        {
            // It is asked for already, or the agent has ended.
        }
    }

    [LoggerMessage(3112, LogLevel.Debug, "No portal answers: {Problem}")]
    private partial void LogNobody(string problem, Exception failure);

    [LoggerMessage(3113, LogLevel.Error, "Looking for portals failed; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
