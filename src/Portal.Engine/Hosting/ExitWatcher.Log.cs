using Microsoft.Extensions.Logging;

namespace Portal.Engine.Hosting;

internal sealed partial class ExitWatcher
{
    [LoggerMessage(2511, LogLevel.Error, "Watching for ends of processes broke off; it begins anew")]
    private partial void LogWatchBroken(Exception exception);

    [LoggerMessage(2512, LogLevel.Error, "The end of a process of container {ContainerId} could not be handled; it is tried again")]
    private partial void LogHandlingFailed(Exception exception, string containerId);
}
