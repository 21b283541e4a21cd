using Microsoft.Extensions.Logging;

namespace Portal.Engine.Linux.Snapshots.Overlay;

internal sealed partial class Trash
{
    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "The removed folder '{Folder}' can't be emptied yet")]
    private partial void LogTrashKept(Exception exception, string folder);
}
