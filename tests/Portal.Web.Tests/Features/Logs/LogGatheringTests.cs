using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Logs;

namespace Portal.Web.Tests.Features.Logs;

/// <summary>What a view of several logs watches, and what of it reaches the browser.</summary>
public sealed class LogGatheringTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly Guid _node = Guid.NewGuid();
    private readonly ConcurrentDictionary<string, Channel<LogBatch>> _logs = new();
    private readonly ConcurrentDictionary<string, int> _watched = new();
    private readonly List<object[]> _lines = [];
    private readonly List<string> _notes = [];
    private readonly List<object[]> _from = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly LogGathering _gathering;
    private Task _reading = Task.CompletedTask;

    public LogGatheringTests() => _gathering = new LogGathering(WatchAsync, TimeProvider.System);

    public Task InitializeAsync()
    {
        _reading = ReadAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _closed.CancelAsync();
        await _gathering.DisposeAsync();
        await _reading;
        Assert.All(_watched, watched => Assert.Equal(0, watched.Value));
    }

    public void Dispose() => _closed.Dispose();

    [Fact]
    public async Task Set_TwoContainers_BothReachTheBrowserAndTheRemovedOneIsLeft()
    {
        _gathering.Set([(0, Source("web")), (1, Source("db"))]);
        Write("web", "a");
        Write("db", "b");
        await HoldsAsync(() => _lines.Count == 2);
        Assert.Equal([(0, "a"), (1, "b")], _lines.Select(line => ((int)line[0], (string)line[3])).Order());

        _gathering.Set([(1, Source("db"))]);
        await HoldsAsync(() => _watched["web"] == 0);
        Assert.Equal(1, _watched["db"]);
    }

    [Fact]
    public async Task Set_ContainerMadeAnew_GoesOnWithTheNewOneUnderItsNumber()
    {
        _gathering.Set([(0, Source("web", 'a'))]);
        Write("web", "old");
        await HoldsAsync(() => _lines.Count == 1);

        _gathering.Set([(0, Source("web", 'b'))]);
        Write("webb", "new");
        await HoldsAsync(() => _lines.Count == 2);
        Assert.Equal([(0, "old"), (0, "new")], _lines.Select(line => ((int)line[0], (string)line[3])));
        Assert.Contains(_notes, note => note.Contains("made anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_StartedAgain_ShowsNoLineTwice()
    {
        _gathering.Set([(0, Source("web", alive: false))]);
        Write("web", "one", "two");
        Log("web").Writer.Complete();
        await HoldsAsync(() => _notes.Count == 1);

        _logs["web"] = Channel.CreateUnbounded<LogBatch>();
        Write("web", "one", "two", "three");
        _gathering.Set([(0, Source("web"))]);
        await HoldsAsync(() => _lines.Count == 3);
        Assert.Equal(["one", "two", "three"], _lines.Select(line => (string)line[3]));
    }

    [Fact]
    public async Task Read_AsManyLinesAsWereAskedFor_TellsThatThereMayBeMoreBefore()
    {
        _gathering.Set([(0, Source("web")), (1, Source("db"))]);
        Write("web", [.. Enumerable.Range(0, 300).Select(i => $"{i}")]);
        Write("db", "only");
        await HoldsAsync(() => _lines.Count == 301);

        var from = Assert.Single(_from);
        Assert.Equal((0, LogMoment.Of(s_begin)), ((int)from[0], (long)from[1]));
    }

    [Fact]
    public async Task Read_PermissionIsTaken_SaysSoAndTheOthersGoOn()
    {
        _gathering.Set([(0, Source("web")), (1, Source("db"))]);
        Log("web").Writer.Complete(new AccessDeniedException(PermissionNames.ContainersLogs));
        await HoldsAsync(() => _notes.Count == 1);
        Write("db", "b");
        await HoldsAsync(() => _lines.Count == 1);

        Assert.StartsWith("web:", _notes[0], StringComparison.Ordinal);
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var delivery in _gathering.ReadAsync(_closed.Token))
            {
                lock (_lines)
                {
                    _lines.AddRange(delivery.Lines);
                    _notes.AddRange(delivery.Notes.Select(note => (string)note[1]));
                    _from.AddRange(delivery.From);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async IAsyncEnumerable<LogBatch> WatchAsync(
        ContainerKey container, int tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = container.Name + (container.Id[0] == 'b' ? "b" : "");
        _watched.AddOrUpdate(log, 1, (_, count) => count + 1);
        try
        {
            await foreach (var batch in Log(log).Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            _watched.AddOrUpdate(log, 0, (_, count) => count - 1);
        }
    }

    private void Write(string log, params string[] lines) => Log(log).Writer.TryWrite(new LogBatch(
        "s", [.. lines.Select((text, index) => new LogLine(s_begin.AddSeconds(index), false, text))], 0, false, null));

    private Channel<LogBatch> Log(string log) => _logs.GetOrAdd(log, _ => Channel.CreateUnbounded<LogBatch>());

    private LogSource Source(string name, char id = 'a', bool alive = true) =>
        new(new ContainerKey(_node, new string(id, 64), name), "n1", alive);

    private Task HoldsAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        lock (_lines)
        {
            return condition();
        }
    });
}
