using Portal.Contracts.Metrics.Otlp;

namespace Portal.Agent.Metrics;

/// <summary>Sends the agent's figures to a collector by OTLP, where <c>PORTAL_OTLP</c> names one.</summary>
internal sealed partial class MetricsExport(
    AgentMetrics metrics, OtlpOptions options, string instance, TimeProvider time, ILogger<MetricsExport> logger)
    : BackgroundService
{
    private static readonly string s_version = typeof(MetricsExport).Assembly.GetName().Version?.ToString(3) ?? "0";
    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = new OtlpClient(options, time);
        using var timer = new PeriodicTimer(options.Interval, time);
        try
        {
            do
            {
                Tell(await SendAsync(client, stoppingToken).ConfigureAwait(false));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    private async Task<string?> SendAsync(OtlpClient client, CancellationToken cancellationToken)
    {
        var host = Environment.MachineName;
        var resource = options.Describe(
            new("service.name", "portal-agent"),
            new("service.version", s_version),
            new("service.instance.id", $"{host}:{instance}"),
            new("host.name", host));
        using var writer = new OtlpWriter(resource, time.GetUtcNow());
        try
        {
            await metrics.WriteAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The engine's trouble, such as one that has not started: it must not end what would tell of it later.
            LogUnread(logger, failure);
            return _problem;
        }

        return await client.SendAsync(writer.ToRequests(), cancellationToken).ConfigureAwait(false);
    }

    // What lasts is said once.
    private void Tell(string? problem)
    {
        if (problem != _problem && problem is not null)
        {
            LogProblem(logger, problem);
        }
        else if (problem is null && _problem is not null)
        {
            LogWorks(logger);
        }

        _problem = problem;
    }

    [LoggerMessage(3620, LogLevel.Warning, "The collector of PORTAL_OTLP did not take all metrics: {Problem} It is tried again with the next ones.")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(3621, LogLevel.Information, "The collector of PORTAL_OTLP takes metrics again.")]
    private static partial void LogWorks(ILogger logger);

    [LoggerMessage(3622, LogLevel.Warning, "The figures of this host could not be read; they are read again in a while.")]
    private static partial void LogUnread(ILogger logger, Exception failure);
}
