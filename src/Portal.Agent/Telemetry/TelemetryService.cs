using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Portal.Agent.Link;

namespace Portal.Agent.Telemetry;

/// <summary>Keeps the telemetry connection: dials, serves, and dials again.</summary>
internal sealed partial class TelemetryService(
    TelemetryConnectionFactory connections,
    TelemetrySources sources,
    LinkStatus status,
    ILoggerFactory loggers,
    ILogger<TelemetryService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunConnectionAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException failure)
            {
                // The connection's end or the agent's own: the loop's condition tells which.
                LogEnded(failure);
            }
            catch (Exception failure)
            {
                LogBroken(failure);
            }
            finally
            {
                status.Update(report => report with { Telemetry = false });
            }
        }
    }

    private async Task RunConnectionAsync(CancellationToken cancellationToken)
    {
        var session = new TelemetrySession(Build(connections, loggers), sources, logger);
        await using (session.ConfigureAwait(false))
        {
            await session
                .RunAsync(() => status.Update(report => report with { Telemetry = true }), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    internal static HubConnection Build(IConnectionFactory connections, ILoggerFactory loggers)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton(connections);
        builder.Services.AddSingleton<EndPoint>(new DnsEndPoint("portal", 1));
        builder.Services.AddSingleton(loggers);
        builder.AddJsonProtocol();
        var hub = builder.Build();
        hub.ServerTimeout = TimeSpan.FromSeconds(8);
        hub.KeepAliveInterval = TimeSpan.FromSeconds(2);
        hub.HandshakeTimeout = TimeSpan.FromSeconds(5);
        return hub;
    }

    [LoggerMessage(3320, LogLevel.Debug, "The telemetry connection has ended.")]
    private partial void LogEnded(Exception failure);

    [LoggerMessage(3321, LogLevel.Warning, "The telemetry connection broke; it is made again.")]
    private partial void LogBroken(Exception failure);
}
