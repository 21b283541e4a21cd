using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>
/// Writes what a console shows into a file in asciinema's format, version 2, until the portal has taken it. Keys are not recorded: passwords would be
/// among them.
/// </summary>
/// <remarks>Any thread. A disk that is full or a file that is too large ends the recording, not the console.</remarks>
internal sealed partial class ConsoleRecorder : IAsyncDisposable
{
    /// <summary>A file that is longer says so at its end and goes no further.</summary>
    public const long LargestFile = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly TimeSpan _before;
    private readonly long _begun;
    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();
    private readonly FileStream _file;
    private bool _isOver;

    private ConsoleRecorder(string path, FileStream file, TimeSpan before, TimeProvider time, ILogger logger)
    {
        _before = before;
        _path = path;
        _file = file;
        _time = time;
        _logger = logger;
        _begun = time.GetTimestamp();
    }

    /// <summary>Begins a file.</summary>
    public static ConsoleRecorder Begin(
        string path, string title, IReadOnlyList<string> command, TerminalSize size, TimeProvider time, ILogger logger)
    {
        var recorder = new ConsoleRecorder(path, Open(path, FileMode.CreateNew), TimeSpan.Zero, time, logger);
        recorder.WriteLine(JsonSerializer.Serialize(
            new
            {
                version = 2,
                width = size.Columns,
                height = size.Rows,
                timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
                title,
                command = string.Join(' ', command),
                env = new { TERM = "xterm-256color" },
            },
            s_json));
        recorder.Flush();
        return recorder;
    }

    /// <summary>Goes on with the file of an earlier agent.</summary>
    /// <exception cref="IOException">It is not there, or can't be written.</exception>
    public static ConsoleRecorder Continue(string path, DateTimeOffset begun, TimeProvider time, ILogger logger)
    {
        var file = Open(path, FileMode.Open);
        file.Seek(0, SeekOrigin.End);
        var recorder = new ConsoleRecorder(path, file, time.GetUtcNow() - begun, time, logger);

        // A line that was cut off when the agent was killed stays one line, which players pass over.
        if (!EndsWithLine(path))
        {
            recorder.WriteLine("");
        }

        return recorder;
    }

    /// <returns>False when nothing is recorded any more.</returns>
    public bool Output(ReadOnlySpan<byte> output)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            // A character may come in two pieces: the decoder keeps the first until the other is there.
            var text = ArrayPool<char>.Shared.Rent(output.Length + 4);
            var length = _decoder.GetChars(output, text, flush: false);
            if (length > 0)
            {
                Event("o", text.AsSpan(0, length).ToString());
            }

            ArrayPool<char>.Shared.Return(text, clearArray: true);
            return true;
        }
    }

    public void Resize(TerminalSize size)
    {
        lock (_lock)
        {
            Event("r", string.Create(CultureInfo.InvariantCulture, $"{size.Columns}x{size.Rows}"));
        }
    }

    /// <summary>Puts what is recorded so far where it can be read.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            Try(() => _file.Flush());
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            Flush();
            _isOver = true;
            Try(_file.Dispose);
        }

        return ValueTask.CompletedTask;
    }

    private void Event(string kind, string data)
    {
        if (_isOver)
        {
            return;
        }

        if (_file.Position > LargestFile)
        {
            Line("m", "The recording ends here: it became too large.");
            _isOver = true;
            return;
        }

        Line(kind, data);
    }

    private void Line(string kind, string data)
    {
        var at = (_before + _time.GetElapsedTime(_begun)).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        WriteLine($"[{at}, \"{kind}\", {JsonSerializer.Serialize(data, s_json)}]");
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 16 * 1024 };
        if (mode == FileMode.CreateNew)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static bool EndsWithLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private void WriteLine(string line) => Try(() => _file.Write(Encoding.UTF8.GetBytes(line + "\n")));

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            if (!_isOver)
            {
                _isOver = true;
                LogFailed(_path, failure);
            }
        }
    }

    [LoggerMessage(3213, LogLevel.Warning, "The recording {Path} ends early: it can't be written.")]
    private partial void LogFailed(string path, Exception failure);
}
