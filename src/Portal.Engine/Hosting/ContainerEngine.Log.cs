using Microsoft.Extensions.Logging;

namespace Portal.Engine.Hosting;

internal sealed partial class ContainerEngine
{
    [LoggerMessage(2521, LogLevel.Information, "Engine '{Name}' is started with {Count} containers")]
    private partial void LogStarted(string name, int count);

    [LoggerMessage(2522, LogLevel.Warning, "What earlier runs left over could not all be taken away")]
    private partial void LogCollectFailed(Exception exception);

    [LoggerMessage(2523, LogLevel.Warning, "The time to stop is up before everything has ended; the next start finishes what is left undone")]
    private partial void LogStopOutOfTime();
}
