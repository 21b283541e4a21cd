using Microsoft.Extensions.Logging;

namespace Portal.Engine.Logs.Rotation;

internal sealed partial class LogRotator
{
    [LoggerMessage(2301, LogLevel.Warning, "The log of container {ContainerId} could not be rotated")]
    private partial void LogRotationFailed(Exception exception, string containerId);

    [LoggerMessage(2302, LogLevel.Warning, "The monitor of container {ContainerId} did not open its log anew")]
    private partial void LogNotReopened(string containerId);
}
