using Microsoft.Extensions.Logging;

namespace Portal.Engine.Containers.Restarts;

internal sealed partial class RestartScheduler
{
    [LoggerMessage(2211, LogLevel.Warning, "The restart policy could not start container {ContainerId}")]
    private partial void LogRestartFailed(Exception exception, string containerId);

    [LoggerMessage(2212, LogLevel.Error, "The restart of container {ContainerId} broke off")]
    private partial void LogRestartBroken(Exception exception, string containerId);
}
