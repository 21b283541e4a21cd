using Microsoft.Extensions.Logging;

namespace Portal.Engine.Containers.Lifecycle;

internal sealed partial class ContainerStarter
{
    [LoggerMessage(2201, LogLevel.Information, "Container {ContainerId} could not be started")]
    private partial void LogStartFailed(Exception exception, string containerId);

    [LoggerMessage(
        2202,
        LogLevel.Warning,
        "Something of container {ContainerId} could not be taken away; the next start of the engine tries again")]
    private partial void LogCleanUpFailed(Exception exception, string containerId);
}
