using System.Globalization;
using System.Text;
using Portal.Engine.Runtime;

namespace Portal.Testing.Engine;

/// <summary>A container of <see cref="FakeRuntime"/>, with the monitor's habits about its log.</summary>
public sealed class FakeProcess : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<FakeStreams> _streams = [];
    private FileStream _log;

    internal FakeProcess(RuntimeContainer container, int processId, TimeProvider time)
    {
        Container = container;
        ProcessId = processId;
        _time = time;
        _log = Open(container.LogPath.Length > 0 ? container.LogPath : "/dev/null", FileMode.Append);
    }

    public RuntimeContainer Container { get; }

    public int ProcessId { get; }

    public RuntimeState State { get; set; } = RuntimeState.Created;

    public ProcessExit? Exit { get; set; }

    public TerminalSize? Size { get; set; }

    /// <summary>Writes to the log and to all who are attached.</summary>
    public void WriteLine(string text, OutputSource source = OutputSource.Stdout, bool partial = false)
    {
        var stream = source == OutputSource.Stdout ? "stdout" : "stderr";
        var now = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00'zzz", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            _log.Write(Encoding.UTF8.GetBytes($"{now} {stream} {(partial ? 'P' : 'F')} {text}\n"));
            foreach (var attached in _streams)
            {
                attached.Send(source, text + (partial ? "" : "\n"));
            }
        }
    }

    public void Dispose()
    {
        CloseOutput();
        _log.Dispose();
    }

    internal IProcessStreams Attach()
    {
        var streams = new FakeStreams(Container.Process.Terminal);
        lock (_lock)
        {
            _streams.Add(streams);
        }

        return streams;
    }

    internal void CloseOutput()
    {
        lock (_lock)
        {
            _streams.ForEach(streams => streams.End());
        }
    }

    // As conmon does it: a new file beside, renamed over whatever is there.
    internal void ReopenLog()
    {
        lock (_lock)
        {
            _log.Dispose();
            _log = Open(Container.LogPath + ".tmp", FileMode.Create);
            File.Move(Container.LogPath + ".tmp", Container.LogPath, overwrite: true);
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        return new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
