using Microsoft.Extensions.Logging;

namespace Portal.Engine.Containers.Store;

internal sealed partial class ContainerStore
{
    [LoggerMessage(2101, LogLevel.Information, "Removing '{Path}': a container that was never made whole or is half removed")]
    private partial void LogJunk(string path);

    [LoggerMessage(2102, LogLevel.Error, "The container in '{Path}' can't be read and is left out")]
    private partial void LogUnreadable(Exception exception, string path);
}
