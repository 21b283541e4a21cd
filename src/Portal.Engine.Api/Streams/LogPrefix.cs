using Portal.Engine.Api.Routing;
using Portal.Engine.Logs;

namespace Portal.Engine.Api.Streams;

/// <summary>What stands before each line: its time, and the container's chosen labels and variables.</summary>
internal sealed class LogPrefix
{
    private readonly bool _timestamps;
    private readonly string _details;

    /// <param name="timestamps">True for times.</param>
    /// <param name="details">Names and values; null for none.</param>
    public LogPrefix(bool timestamps, IReadOnlyDictionary<string, string>? details)
    {
        _timestamps = timestamps;
        _details = details is null
            ? ""
            : string.Join(',', details.Select(pair => $"{Escape(pair.Key)}={Escape(pair.Value)}")) + " ";
    }

    public string Of(LogRecord record) => _timestamps ? $"{GoTime.FormatFixed(record.Time)} {_details}" : _details;

    // As Go's url.QueryEscape.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
