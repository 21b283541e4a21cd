using System.Buffers;
using System.Text;
using Portal.Contracts.Hubs;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Agent.Telemetry;

/// <summary>Puts lines together from a log's records, which hold parts of them.</summary>
/// <remarks>One for each reader; not thread-safe.</remarks>
internal sealed class LogLineAssembler
{
    private const int LongestLine = 16 * 1024;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _error = new();

    /// <summary>The line that the record ends, or null when it goes on. Its time is that of its last part: so
    /// lines leave in the order of their times.</summary>
    public LogLine? Add(LogRecord record)
    {
        var isError = record.Source == OutputSource.Stderr;
        var begun = isError ? _error : _output;
        var data = record.Data.Span;
        begun.Write(data[..Math.Min(data.Length, LongestLine + 2 - begun.WrittenCount)]);
        if (record.Partial)
        {
            return null;
        }

        var line = new LogLine(record.Time, isError, Decode(begun.WrittenSpan));
        begun.ResetWrittenCount();
        return line;
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.EndsWith("\n"u8))
        {
            bytes = bytes[..^1];
        }

        // A terminal ends lines with both.
        if (bytes.EndsWith("\r"u8))
        {
            bytes = bytes[..^1];
        }

        return Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestLine)]);
    }
}
