using Microsoft.Extensions.Logging;

namespace Portal.Engine.Containers.Health;

internal sealed partial class HealthMonitor
{
    [LoggerMessage(2231, LogLevel.Warning, "The health of container {ContainerId} could not be written down")]
    private partial void LogNotWritten(Exception exception, string containerId);

    [LoggerMessage(2234, LogLevel.Error, "The health of container {ContainerId} is no longer probed in this run of it")]
    private partial void LogBroken(Exception exception, string containerId);
}
