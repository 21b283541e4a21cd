using Microsoft.Extensions.Logging;

namespace Portal.Engine.Events;

internal sealed partial class EngineEvents
{
    [LoggerMessage(2001, LogLevel.Error, "Event {Sequence} could not be written to the journal")]
    private partial void LogJournalFailed(Exception exception, long sequence);
}
