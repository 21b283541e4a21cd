using System.Text;
using System.Text.Json;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// A message of the monitor on its synchronization pipe: a process id, or a negative number and the runtime's words.
/// </summary>
internal sealed record MonitorReport(int Data, string Message)
{
    /// <summary>
    /// Reads a message. conmon escapes control characters in a way that strict JSON does not know, so its text is a
    /// fallback.
    /// </summary>
    public static MonitorReport Parse(byte[]? line)
    {
        if (line is null)
        {
            return new MonitorReport(-1, "");
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new MonitorReport(
                root.TryGetProperty("data", out var data) && data.TryGetInt32(out var number) ? number : -1,
                root.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "");
        }
        catch (JsonException)
        {
            return new MonitorReport(-1, Encoding.UTF8.GetString(line));
        }
    }
}
