using System.Collections.Concurrent;
using Google.Protobuf;
using Portal.Agent.Hosting;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>Recordings on their way to the portal: each a file, and beside it what its console is.</summary>
/// <remarks>Singleton; any thread. Files of an earlier agent are complete, but for those of consoles that were taken over.</remarks>
internal sealed partial class ConsoleRecordings(AgentPaths paths, TimeProvider time, ILogger<ConsoleRecordings> logger)
{
    private const int LargestPiece = 64 * 1024;
    private readonly ConcurrentDictionary<string, ConsoleInfo> _known = new(StringComparer.Ordinal);

    private string Folder => Path.Combine(paths.Data, "agent", "recordings");

    /// <summary>Finds what an earlier agent left.</summary>
    /// <param name="running">Ids of consoles that go on.</param>
    public void Open(IReadOnlySet<string> running)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Folder, "*.json"))
        {
            try
            {
                var info = ConsoleInfo.Parser.ParseJson(File.ReadAllText(file));
                if (running.Contains(info.Id))
                {
                    continue;
                }

                info.Exited ??= new ConsoleExited { End = ConsoleEnd.Agent };
                info.EndedAt ??= Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(File.GetLastWriteTimeUtc(FileOf(info.Id)));
                _known[info.Id] = info;
            }
            catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException or IOException)
            {
                LogUnreadable(file, failure);
            }
        }
    }

    /// <summary>Begins one.</summary>
    /// <exception cref="EngineException">Unavailable: it can't be written. What can't be recorded must not be done.</exception>
    public ConsoleRecorder Begin(string id, string title, IReadOnlyList<string> command, TerminalSize size)
    {
        try
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return ConsoleRecorder.Begin(FileOf(id), title, command, size, time, logger);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, "This console has to be recorded, and the node can't write its recording.", failure);
        }
    }

    /// <summary>Goes on with one.</summary>
    /// <exception cref="EngineException">Unavailable: it can't be written. What can't be recorded must not be done.</exception>
    public ConsoleRecorder Continue(ConsoleInfo console)
    {
        try
        {
            return ConsoleRecorder.Continue(FileOf(console.Id), console.StartedAt.ToDateTimeOffset(), time, logger);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, "This console has to be recorded, and the node can't go on with its recording.", failure);
        }
    }

    /// <summary>Writes down what is known of a recorded console now.</summary>
    public void Describe(ConsoleSession session)
    {
        var info = session.Describe();
        if (info.Recorded)
        {
            _known[info.Id] = info;
            try
            {
                File.WriteAllText(DescriptionOf(info.Id), JsonFormatter.Default.Format(info));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The recording itself goes on as far as it can, and is listed while this agent runs.
                LogUnwritable(DescriptionOf(info.Id), failure);
            }
        }
    }

    public IEnumerable<ConsoleRecording> List() => _known.Values.Select(info => new ConsoleRecording
    {
        Id = info.Id,
        Size = new FileInfo(FileOf(info.Id)) is { Exists: true } file ? file.Length : 0,
        Console = info,
    });

    /// <summary>What is there from a position on, piece by piece.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read(string id, long position)
    {
        Get(id);
        using var file = new FileStream(FileOf(id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Clamp(position, 0, file.Length);
        var buffer = new byte[LargestPiece];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            yield return buffer.AsMemory(0, read);
        }
    }

    public void Remove(string id)
    {
        if (Get(id).Exited is null)
        {
            throw EngineException.Conflict("This console still runs, so its recording goes on.");
        }

        _known.TryRemove(id, out _);
        File.Delete(FileOf(id));
        File.Delete(DescriptionOf(id));
    }

    // Ids are looked up, so none can name another file.
    private ConsoleInfo Get(string id) =>
        _known.TryGetValue(id, out var info) ? info : throw EngineException.NotFound("There is no such recording on this node.");

    private string FileOf(string id) => Path.Combine(Folder, id + ".cast");

    private string DescriptionOf(string id) => Path.Combine(Folder, id + ".json");

    [LoggerMessage(3221, LogLevel.Warning, "What is known of a recording can't be written: {File}.")]
    private partial void LogUnwritable(string file, Exception failure);

    [LoggerMessage(3216, LogLevel.Warning, "What is known of a recording can't be read: {File}.")]
    private partial void LogUnreadable(string file, Exception failure);
}
