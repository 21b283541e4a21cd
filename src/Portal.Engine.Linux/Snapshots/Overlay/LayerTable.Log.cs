using Microsoft.Extensions.Logging;

namespace Portal.Engine.Linux.Snapshots.Overlay;

internal sealed partial class LayerTable
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "Dropping the layer in folder '{ShortId}': it was not on the disk when the machine went down")]
    private partial void LogDropped(string shortId);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "The record of the layer in '{Folder}' can't be read")]
    private partial void LogUnreadable(Exception exception, string folder);
}
