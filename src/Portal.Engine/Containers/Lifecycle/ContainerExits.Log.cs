using Microsoft.Extensions.Logging;

namespace Portal.Engine.Containers.Lifecycle;

internal sealed partial class ContainerExits
{
    [LoggerMessage(2221, LogLevel.Error, "Container {ContainerId} has ended, but not all of it could be taken away")]
    private partial void LogCleanUpFailed(Exception exception, string containerId);

    [LoggerMessage(2222, LogLevel.Error, "Container {ContainerId} should be removed with its end, but could not be")]
    private partial void LogAutoRemoveFailed(Exception exception, string containerId);
}
