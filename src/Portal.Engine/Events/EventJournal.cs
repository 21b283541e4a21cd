using System.Text.Json;
using Portal.Engine.Storage;

namespace Portal.Engine.Events;

/// <summary>
/// The events on disk: one JSON object a line, appended with a single write(2), so that a killed process leaves whole
/// lines. Once twice the kept number has gathered, the file is replaced by one with the newest events alone.
/// </summary>
/// <remarks>Not thread-safe: its one owner holds a lock around each call.</remarks>
internal sealed class EventJournal : IDisposable
{
    private readonly string _path;
    private readonly int _kept;
    private readonly IDurableFiles _files;
    private FileStream? _file;
    private int _lines;

    public EventJournal(string path, int kept, IDurableFiles files)
    {
        _path = path;
        _kept = kept;
        _files = files;
    }

    /// <summary>Reads the newest events, and cuts off what a power cut left of a last line.</summary>
    public Queue<EngineEvent> Load()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var events = new Queue<EngineEvent>();
        var content = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        var position = 0;
        while (ReadLine(content, position) is { } line)
        {
            position += line.Length;
            _lines++;
            Keep(events, line.Event);
        }

        _file = Open();
        if (position < content.Length)
        {
            _file.SetLength(position);
            _file.Position = position;
        }

        return events;
    }

    /// <summary>Appends one event; <paramref name="newest"/> gives what is kept, this one included.</summary>
    public void Append(EngineEvent added, Func<IReadOnlyCollection<EngineEvent>> newest)
    {
        if (_lines >= 2 * _kept)
        {
            Compact(newest());
            return;
        }

        var end = _file!.Length;
        try
        {
            _file.Write(Serialize(added));
        }
        catch (IOException)
        {
            // A full disk takes half a line; left there, it would spoil all that follow.
            _file.SetLength(end);
            _file.Position = end;
            throw;
        }

        _lines++;
    }

    public void Dispose() => _file?.Dispose();

    private static (EngineEvent Event, int Length)? ReadLine(byte[] content, int position)
    {
        var length = content.AsSpan(position).IndexOf((byte)'\n');
        if (length < 0)
        {
            return null;
        }

        try
        {
            var parsed = JsonSerializer.Deserialize(
                content.AsSpan(position, length), EventJsonContext.Default.EngineEvent);
            return parsed is { Sequence: > 0 } ? (parsed, length + 1) : null;
        }
        catch (JsonException)
        {
            // A power cut can leave zeroes or half of a line; what comes after it can't be trusted to follow on.
            return null;
        }
    }

    private void Keep(Queue<EngineEvent> events, EngineEvent next)
    {
        events.Enqueue(next);
        if (events.Count > _kept)
        {
            events.Dequeue();
        }
    }

    private void Compact(IReadOnlyCollection<EngineEvent> newest)
    {
        using var buffer = new MemoryStream();
        foreach (var item in newest)
        {
            buffer.Write(Serialize(item));
        }

        _files.WriteAtomically(_path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length), durable: false);
        _file!.Dispose();
        _file = Open();
        _lines = newest.Count;
    }

    private FileStream Open()
    {
        var file = new FileStream(
            _path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        file.Position = file.Length;
        return file;
    }

    private static byte[] Serialize(EngineEvent item)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(item, EventJsonContext.Default.EngineEvent);
        return [.. json, (byte)'\n'];
    }
}
