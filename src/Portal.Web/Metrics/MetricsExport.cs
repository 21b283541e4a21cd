using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Contracts.Metrics;
using Portal.Contracts.Metrics.Otlp;
using Portal.Data.Locks;
using Portal.Web.Access;
using Portal.Web.Configuration;

namespace Portal.Web.Metrics;

/// <summary>
/// Sends the figures of <c>/metrics</c> to a collector by OTLP, where <c>PORTAL_OTLP</c> names one. Each portal tells of itself; of the
/// fleet the one that holds a lock, since all portals of a database would tell the same.
/// </summary>
internal sealed partial class MetricsExport(
    PortalMetrics metrics, NpgsqlDataSource database, IOptions<PortalOptions> options, TimeProvider time, ILogger<MetricsExport> logger)
    : BackgroundService
{
    // "otlpsend" in ASCII.
    private const long LockKey = 0x6F746C7073656E64;
    private static readonly string s_version = typeof(MetricsExport).Assembly.GetName().Version?.ToString(3) ?? "0";
    private AdvisoryLock? _lock;
    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ReadOtlp(out _) is not { } otlp)
        {
            return;
        }

        using var client = new OtlpClient(otlp, time);
        using var timer = new PeriodicTimer(otlp.Interval, time);
        try
        {
            do
            {
                Tell(await SendAsync(otlp, client, stoppingToken));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task<string?> SendAsync(OtlpOptions otlp, OtlpClient client, CancellationToken cancellationToken)
    {
        var host = Environment.MachineName;
        KeyValuePair<string, string>[] service = [new("service.name", "portal"), new("service.version", s_version)];
        KeyValuePair<string, string>[] self =
            [.. service, new("host.name", host), new("service.instance.id", $"{host}:{options.Value.Http}")];
        var problem = await client.SendAsync(Write(otlp.Describe(self), ProcessMetrics.Write), cancellationToken);

        // Without what tells portals apart: the fleet's figures go on as they are when another portal tells them.
        return await LeadsAsync(cancellationToken)
            ? await client.SendAsync(Write(otlp.Describe(service), metrics.Write), cancellationToken) ?? problem
            : problem;
    }

    private IReadOnlyList<byte[]> Write(IReadOnlyList<KeyValuePair<string, string>> resource, Action<IMetricWriter> write)
    {
        using var writer = new OtlpWriter(resource, time.GetUtcNow());
        write(writer);
        return writer.ToRequests();
    }

    private async Task<bool> LeadsAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_lock is not null && !await _lock.IsHeldAsync(cancellationToken))
            {
                await ReleaseAsync();
            }

            _lock ??= await AdvisoryLock.TryTakeAsync(database, LockKey, cancellationToken);
            return _lock is not null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            await ReleaseAsync();
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        if (_lock is { } held)
        {
            _lock = null;
            await held.DisposeAsync();
        }
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

    [LoggerMessage(2480, LogLevel.Warning, "The collector of PORTAL_OTLP did not take all metrics: {Problem} It is tried again with the next ones.")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(2481, LogLevel.Information, "The collector of PORTAL_OTLP takes metrics again.")]
    private static partial void LogWorks(ILogger logger);
}
