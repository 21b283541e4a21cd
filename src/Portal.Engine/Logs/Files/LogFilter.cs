using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Files;

/// <summary>Which records a query wants.</summary>
internal static class LogFilter
{
    public static bool IsWanted(LogQuery query, OutputSource source)
    {
        return source == OutputSource.Stdout ? query.Stdout : query.Stderr;
    }

    public static bool IsWanted(LogQuery query, in LogRecord record)
    {
        return IsWanted(query, record.Source)
            && !(record.Time < query.Since)
            && !(record.Time > query.Until);
    }
}
