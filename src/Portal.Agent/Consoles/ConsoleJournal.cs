using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Consoles.V1;

namespace Portal.Agent.Consoles;

/// <summary>Which consoles run, written down: an agent that starts anew finds there what it may take over, and what ended meanwhile.</summary>
internal sealed class ConsoleJournal(string path)
{
    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly List<ConsoleInfo> _lost = [];
    private bool _isClosed;
    private string _written = "";

    /// <summary>Those that ended with an earlier agent, or while none was there.</summary>
    public IReadOnlyList<ConsoleInfo> Lost
    {
        get
        {
            lock (_lock)
            {
                return [.. _lost];
            }
        }
    }

    /// <summary>What an earlier agent wrote.</summary>
    /// <returns>The consoles that ran.</returns>
    public IReadOnlyList<ConsoleEntry> Read(DateTimeOffset now)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            var entries = JsonSerializer.Deserialize<List<ConsoleEntry>>(File.ReadAllText(path)) ?? [];
            var parsed = entries.Select(entry => (Entry: entry, Info: entry.Parse())).ToList();
            _lost.AddRange(parsed.Select(item => item.Info).Where(info => info.EndedAt?.ToDateTimeOffset() > now - s_remembered));
            return [.. parsed.Where(item => item.Info.Exited is null).Select(item => item.Entry)];
        }
        catch (Exception failure) when (failure is JsonException or InvalidProtocolBufferException or InvalidJsonException)
        {
            // Half a file, of a machine that lost its power, or one of an agent that wrote it otherwise: then nothing is known of them.
            return [];
        }
    }

    /// <summary>Keeps one as ended.</summary>
    public void Lose(ConsoleInfo console, ConsoleEnd end, DateTimeOffset now)
    {
        lock (_lock)
        {
            console.Viewers.Clear();
            console.Exited = new ConsoleExited { End = end };
            console.EndedAt = now.ToTimestamp();
            _lost.Add(console);
        }
    }

    /// <exception cref="IOException">It can't be written, mostly because the disk is full: what was written before stays.</exception>
    public void Write(IEnumerable<ConsoleEntry> running)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            List<ConsoleEntry> all = [.. running, .. _lost.Select(lost => new ConsoleEntry { Info = JsonFormatter.Default.Format(lost) })];
            var text = JsonSerializer.Serialize(all);
            if (text == _written)
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var next = path + ".new";
            File.WriteAllText(next, text);
            File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(next, path, overwrite: true);
            _written = text;
        }
    }

    /// <summary>What runs now stays written down as running.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }
}
