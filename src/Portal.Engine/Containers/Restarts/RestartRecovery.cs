using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Restarts;

/// <summary>Finishes the restarts that an engine was killed in, whoever asked for them: a person, or the care for the unhealthy.</summary>
internal sealed partial class RestartRecovery(ContainerRegistry registry, IContainers containers, ILogger<RestartRecovery> logger)
{
    private readonly ILogger<RestartRecovery> _logger = logger;

    /// <summary>Restarts what is marked, each on its own: one that takes its time to end holds up no other.</summary>
    /// <param name="cancellationToken">Ends the waiting: what is not finished then is left to the next engine.</param>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        return Task.WhenAll(registry.All
            .Where(container => container.Record.StartAgain)
            .Select(container => TryRestartAsync(container, cancellationToken)));
    }

    private async Task TryRestartAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            var restart = containers.RestartAsync(container.Id, cancellationToken: cancellationToken);
            await restart.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops; the wish is written down.
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            LogFailed(failure, container.Id);
        }
    }

    [LoggerMessage(2213, LogLevel.Error, "The restart of container {ContainerId} that the last engine began could not be finished")]
    private partial void LogFailed(Exception exception, string containerId);
}
