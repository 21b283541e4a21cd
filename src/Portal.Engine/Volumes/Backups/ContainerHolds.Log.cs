using Microsoft.Extensions.Logging;

namespace Portal.Engine.Volumes.Backups;

internal sealed partial class ContainerHolds
{
    [LoggerMessage(2601, LogLevel.Error, "Container or hold '{Subject}' was not brought back after a volume was read or replaced")]
    private partial void LogReleaseFailed(Exception failure, string subject);
}
