using Microsoft.Extensions.Logging;

namespace Portal.Engine.Stats;

internal sealed partial class ContainerStats
{
    [LoggerMessage(2401, LogLevel.Debug, "The counters of container {ContainerId} could not be read")]
    private partial void LogReadFailed(Exception exception, string containerId);
}
