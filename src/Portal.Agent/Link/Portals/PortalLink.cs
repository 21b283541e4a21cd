using System.Net;
using Microsoft.AspNetCore.Connections;
using Portal.Agent.Telemetry;
using Portal.Contracts.Link;

namespace Portal.Agent.Link.Portals;

/// <summary>Both connections to one portal: dialled, and dialled again, until that portal has ended.</summary>
internal sealed partial class PortalLink(
    PortalTarget target,
    Func<PortalConnector> makeConnector,
    ReverseConnections reverse,
    TelemetrySources sources,
    Action<IReadOnlyList<Guid>> toldPortals,
    LinkStatus status,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<PortalLink>();
    private readonly Guid _id = target.Id ?? Guid.Empty;

    /// <summary>Runs until the portal has ended, or <paramref name="stopping"/>. Throws nothing.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            // The first that finds the portal gone ends the other.
            var both = new[] { KeepReverseAsync(either.Token), KeepTelemetryAsync(either.Token) };
            await Task.WhenAny(both).ConfigureAwait(false);
            await either.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            status.Forget(_id);
        }
    }

    private async Task KeepReverseAsync(CancellationToken cancellationToken)
    {
        var connector = makeConnector();
        while (!cancellationToken.IsCancellationRequested)
        {
            var (socket, identityChanged) = await connector
                .ConnectAsync(LinkProtocol.ReversePath, LinkProtocol.ReverseSubprotocol, cancellationToken).ConfigureAwait(false);
            using var stale = CancellationTokenSource.CreateLinkedTokenSource(identityChanged, cancellationToken);
            var transport = new WebSocketTransport(socket, stale.Token);
            status.Update(_id, report => report with { Reverse = true });
            reverse.Add(transport);
            await transport.Ended.ConfigureAwait(false);
            status.Update(_id, report => report with { Reverse = false });
        }
    }

    private async Task KeepTelemetryAsync(CancellationToken cancellationToken)
    {
        var connections = new Connections(makeConnector());
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TellAsync(connections, cancellationToken).ConfigureAwait(false);
            }
            catch (LinkException failure) when (failure.Problem == LinkProblem.Gone)
            {
                return;
            }
            catch (OperationCanceledException failure)
            {
                // The connection's end or this link's own: the loop's condition tells which.
                LogEnded(failure);
            }
            catch (Exception failure)
            {
                LogBroken(failure);
            }
            finally
            {
                status.Update(_id, report => report with { Telemetry = false });
            }
        }
    }

    private async Task TellAsync(IConnectionFactory connections, CancellationToken cancellationToken)
    {
        var session = new TelemetrySession(TelemetryConnection.Build(connections, loggers), sources, _logger, toldPortals);
        await using (session.ConfigureAwait(false))
        {
            await session
                .RunAsync(() => status.Update(_id, report => report with { Telemetry = true }), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    [LoggerMessage(3320, LogLevel.Debug, "The telemetry connection has ended.")]
    private partial void LogEnded(Exception failure);

    [LoggerMessage(3321, LogLevel.Warning, "The telemetry connection broke; it is made again.")]
    private partial void LogBroken(Exception failure);

    // Gives SignalR's client its connections: WebSockets to the portal, proved like the reverse link.
    private sealed class Connections(PortalConnector connector) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var (socket, identityChanged) = await connector
                .ConnectAsync(LinkProtocol.TelemetryPath, null, cancellationToken).ConfigureAwait(false);
            return new WebSocketTransport(socket, identityChanged);
        }
    }
}
