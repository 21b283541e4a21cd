using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Containers.Health;

/// <summary>
/// Restarts containers that became unhealthy, where that is wanted: by the label <c>portal.restart-unhealthy</c>
/// (<c>true</c> or <c>false</c>),
/// else by <see cref="EngineOptions.RestartUnhealthy"/>.
/// </summary>
internal sealed partial class UnhealthyRestarter(
    HealthMonitor monitor,
    IContainers containers,
    RestartRecovery recovery,
    EngineOptions options,
    ILogger<UnhealthyRestarter> logger)
{
    /// <summary>The label that decides for one container.</summary>
    internal const string Label = "portal.restart-unhealthy";

    private const int AtOnce = 4;
    private readonly ILogger<UnhealthyRestarter> _logger = logger;

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                monitor.Unhealthy.ReadAllAsync(cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (id, _) => await TryRestartAsync(id).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task TryRestartAsync(string id)
    {
        try
        {
            var info = await containers.InspectAsync(id).ConfigureAwait(false);
            if (!recovery.IsFinishing(id)
                && IsWanted(info)
                && info is { State: ContainerState.Running, Health.Status: HealthStatus.Unhealthy })
            {
                LogRestarting(id, info.Name);
                await containers.RestartAsync(id).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            LogFailed(failure, id);
        }
    }

    private bool IsWanted(ContainerInfo info)
    {
        return info.Spec.Labels.TryGetValue(Label, out var wish) && bool.TryParse(wish, out var wanted)
            ? wanted
            : options.RestartUnhealthy;
    }

    [LoggerMessage(2232, LogLevel.Warning, "Container {ContainerId} '{Name}' is unhealthy and is restarted")]
    private partial void LogRestarting(string containerId, string name);

    [LoggerMessage(2233, LogLevel.Error, "The unhealthy container {ContainerId} could not be restarted")]
    private partial void LogFailed(Exception exception, string containerId);
}
