using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Consoles.V1;

namespace Portal.Agent.Consoles;

/// <summary>Which consoles run, written down: what an agent finds there when it starts ended with the one before it, and people can be told.</summary>
internal sealed class ConsoleJournal(string path)
{
    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <summary>Those that ended with an earlier agent.</summary>
    public IReadOnlyList<ConsoleInfo> Lost { get; private set; } = [];

    public void Read(DateTimeOffset now)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            var written = ListConsolesResponse.Parser.ParseJson(File.ReadAllText(path));
            foreach (var console in written.Consoles.Where(console => console.Exited is null))
            {
                console.Viewers.Clear();
                console.Exited = new ConsoleExited { End = ConsoleEnd.Agent };
                console.EndedAt = now.ToTimestamp();
            }

            Lost = [.. written.Consoles.Where(console => console.EndedAt.ToDateTimeOffset() > now - s_remembered)];
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException)
        {
            // Half a file, of a machine that lost its power: then nothing is known of them.
            Lost = [];
        }
    }

    public void Write(IEnumerable<ConsoleInfo> running)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            var all = new ListConsolesResponse();
            all.Consoles.AddRange(running);
            all.Consoles.AddRange(Lost);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var next = path + ".new";
            File.WriteAllText(next, JsonFormatter.Default.Format(all));
            File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(next, path, overwrite: true);
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
