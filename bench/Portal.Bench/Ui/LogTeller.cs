using System.Globalization;
using System.Text;
using Portal.Testing.Processes;
using Portal.Testing.Up;

namespace Portal.Bench.Ui;

/// <summary>A container that logs each line which is written to a pipe, at once: when a line came into being is known to a microsecond.</summary>
internal sealed class LogTeller : IAsyncDisposable
{
    public const string Name = "teller";
    private readonly FileStream _pipe;
    private int _lines;

    private LogTeller(FileStream pipe) => _pipe = pipe;

    public static async Task<LogTeller> StartAsync(PortalUp portal)
    {
        var folder = Directory.CreateDirectory(Path.Combine(portal.Temp, "teller")).FullName;
        var path = Path.Combine(folder, "pipe");
        await Tool.RunAsync("mkfifo", path);
        await portal.DockerAsync(
            "run", "-d", "--name", Name, "-v", $"{folder}:/v", "busybox", "sh", "-c", "while read line; do echo \"$line\"; done < /v/pipe");

        // Opened for reading too, so that this waits for nobody and the container's end stays open.
        return new LogTeller(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
    }

    /// <summary>Writes a line.</summary>
    /// <returns>Its text, unlike all others, and when it was written, in milliseconds of Unix time.</returns>
    public async Task<(string Text, double At)> TellAsync()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"told-{++_lines}.");
        var at = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        await _pipe.WriteAsync(Encoding.ASCII.GetBytes(text + "\n"));
        return (text, at);
    }

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();
}
