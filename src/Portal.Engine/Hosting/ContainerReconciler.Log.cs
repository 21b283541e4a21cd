using Microsoft.Extensions.Logging;

namespace Portal.Engine.Hosting;

internal sealed partial class ContainerReconciler
{
    [LoggerMessage(2501, LogLevel.Error, "Container {ContainerId} could not be brought in line with what runs")]
    private partial void LogSettleFailed(Exception exception, string containerId);
}
