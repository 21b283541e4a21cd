using System.Globalization;
using System.Text;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>Syslog messages as Docker writes them: RFC 3164, RFC 5424, and the local form without a host.</summary>
/// <param name="format">The option <c>syslog-format</c>.</param>
/// <param name="facility">0 to 23.</param>
/// <param name="origin">The container.</param>
internal sealed class SyslogFormat(string format, int facility, LogOrigin origin)
{
    private const int Error = 3;
    private const int Information = 6;

    private static readonly string[] s_facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "", "local0",
        "local1",
        "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private readonly int _processId = Environment.ProcessId;

    /// <summary>The number of a facility by name or number; null when there is none such.</summary>
    public static int? Facility(string name)
    {
        if (name.Length == 0)
        {
            return Array.IndexOf(s_facilities, "daemon");
        }

        var isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var index = isNumber ? number : Array.IndexOf(s_facilities, name);
        return index is >= 0 and < 24 ? index : null;
    }

    /// <summary>One message without an end of its own.</summary>
    public byte[] Write(LogMessage message)
    {
        var priority = (facility * 8) + (message.Source == OutputSource.Stderr ? Error : Information);
        var head = Head(priority, message.Time);
        var bytes = new byte[Encoding.UTF8.GetByteCount(head) + message.Line.Length];
        var length = Encoding.UTF8.GetBytes(head, bytes);
        message.Line.Span.CopyTo(bytes.AsSpan(length));

        // An end of a line within a message would begin another one at the receiver.
        bytes.AsSpan().Replace((byte)'\n', (byte)' ');
        return bytes;
    }

    private string Head(int priority, DateTimeOffset time)
    {
        var invariant = CultureInfo.InvariantCulture;
        return format switch
        {
            "rfc5424" => $"<{priority}>1 {time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", invariant)}{Names()}",
            "rfc5424micro" => $"<{priority}>1 {time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", invariant)}{Names()}",
            "rfc3164" => $"<{priority}>{Stamp(time)} {origin.Hostname} {origin.Tag}[{_processId}]: ",
            _ => $"<{priority}>{Stamp(time)} {origin.Tag}[{_processId}]: ",
        };
    }

    private string Names() => $" {origin.Hostname} {origin.Tag} {_processId} {origin.Tag} - ";

    // Go's time.Stamp: the day takes two places, without a zero.
    private static string Stamp(DateTimeOffset time)
    {
        var local = time.LocalDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"{local:MMM} {local.Day,2} {local:HH:mm:ss}");
    }
}
