using Microsoft.Extensions.Logging;

namespace Portal.Engine.Hosting;

internal sealed partial class ContainerEngine
{
    [LoggerMessage(2521, LogLevel.Information, "Engine '{Name}' is started with {Count} containers")]
    private partial void LogStarted(string name, int count);
}
