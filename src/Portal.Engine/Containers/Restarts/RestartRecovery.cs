using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Restarts;

/// <summary>Finishes the restarts that an engine was killed in, whoever asked for them: a person, or the care for the unhealthy.</summary>
internal sealed partial class RestartRecovery(ContainerRegistry registry, IContainers containers, ILogger<RestartRecovery> logger)
{
    private readonly ILogger<RestartRecovery> _logger = logger;
    private readonly ConcurrentDictionary<string, Container> _broken = new();

    /// <summary>
    /// Finds what the last engine left. To be called before anything restarts a container: from then on the same mark also stands for restarts
    /// that this engine is in the middle of.
    /// </summary>
    public void Find()
    {
        foreach (var container in registry.All.Where(container => container.Record.StartAgain))
        {
            _broken[container.Id] = container;
        }
    }

    /// <summary>True while a container's restart has yet to be finished here: nobody else has to begin one.</summary>
    public bool IsFinishing(string containerId) => _broken.ContainsKey(containerId);

    /// <summary>Restarts what was found, each on its own: one that takes its time to end holds up no other.</summary>
    /// <param name="cancellationToken">Ends the waiting: what is not finished then is left to the next engine.</param>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_broken.Values.Select(container => TryRestartAsync(container, cancellationToken)));

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
        finally
        {
            _broken.TryRemove(container.Id, out _);
        }
    }

    [LoggerMessage(2213, LogLevel.Error, "The restart of container {ContainerId} that the last engine began could not be finished")]
    private partial void LogFailed(Exception exception, string containerId);
}
