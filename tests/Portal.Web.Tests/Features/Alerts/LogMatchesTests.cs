using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Testing;
using Portal.Testing.Engine;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>Lines of a log that a rule looks for.</summary>
public sealed class LogMatchesTests : ITelemetry, IAsyncLifetime
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);
    private readonly Guid _node = Guid.NewGuid();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private Channel<LogBatch> _log = Channel.CreateUnbounded<LogBatch>();
    private LogMatches _matches = null!;
    private int _watched;

    public Task InitializeAsync()
    {
        _matches = Create(this);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _matches.DisposeAsync();
        Assert.Equal(0, _watched);
    }

    [Fact]
    public async Task Find_LinesInTheWindow_AreCountedAndNoOthers()
    {
        Write((-600, "ERROR long ago"), (-60, "ERROR one"), (-50, "fine"), (-40, "an Error two"), (-30, "error three"));

        await CountIsAsync(3);
        Assert.Equal(1, _watched);

        Write((-20, "error four"));
        await CountIsAsync(4);
    }

    [Fact]
    public async Task Find_ContainerStartedAgain_CountsNoLineTwice()
    {
        Write((-60, "error one"), (-50, "error two"));
        await CountIsAsync(2);

        var again = Channel.CreateUnbounded<LogBatch>();
        var first = Interlocked.Exchange(ref _log, again);
        first.Writer.Complete();
        Write((-60, "error one"), (-50, "error two"), (-10, "error three"));
        await CountIsAsync(3);
    }

    [Fact]
    public void Find_MoreContainersThanAreWatched_SaysThatItDoesNotKnow()
    {
        for (var i = 0; i < LogMatches.MostContainers; i++)
        {
            Assert.NotNull(_matches.Find("x", _node, $"{i}", true, s_window));
        }

        Assert.Null(_matches.Find("x", _node, "more", true, s_window));
        Assert.Equal(LogMatches.MostContainers, _matches.Count);
    }

    [Fact]
    public async Task Find_NobodyAsksAnyMore_TheLogIsNotWatched()
    {
        var time = new FakeTimeProvider();
        await using var matches = new LogMatches(this, time);
        matches.Find("x", _node, "c", true, s_window);
        matches.Find("x", _node, "d", true, s_window);
        await Eventually.HoldsAsync(() => Volatile.Read(ref _watched) == 2);

        for (var i = 0; i < 2; i++)
        {
            time.Advance(TimeSpan.FromSeconds(50));
            matches.Find("x", _node, "d", true, s_window);
        }

        time.Advance(TimeSpan.FromSeconds(30));

        await Eventually.HoldsAsync(() => Volatile.Read(ref _watched) == 1);
        Assert.Equal(1, matches.Count);
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => Volatile.Read(ref _watched) == 0);
    }

    [Theory]
    [InlineData("error", "web-*", 300, true)]
    [InlineData("(a+)+$", "web", 300, true)]
    [InlineData("(", "web", 300, false)]
    [InlineData("(?<=a)b", "web", 300, false)]
    [InlineData("", "web", 300, false)]
    [InlineData("error", "", 300, false)]
    [InlineData("error", "web", 5, false)]
    public void Problems_OfAPattern_AreToldBeforeItIsKept(string pattern, string names, int window, bool good)
    {
        var condition = new AlertCondition
        {
            Kind = AlertKind.ContainerLog, Threshold = 1, Clear = 0.9, LinePattern = pattern, NamePattern = names, WindowSeconds = window,
        };

        Assert.Equal(good, !condition.Problems().Any());
        Assert.Equal(condition.LinePattern, AlertCondition.Parse(condition.ToJson()).LinePattern);
    }

    public async IAsyncEnumerable<LogBatch> WatchLogsAsync(
        Guid nodeId, string containerId, int tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _watched);
        try
        {
            await foreach (var batch in Volatile.Read(ref _log).Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watched);
        }
    }

    public IAsyncEnumerable<StatsSample> WatchStatsAsync(Guid nodeId, string containerId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static LogMatches Create(ITelemetry telemetry) => new(telemetry, TimeProvider.System);

    private Task CountIsAsync(int expected) =>
        Eventually.HoldsAsync(() => _matches.Find("(?i)error", _node, "c", true, s_window) == expected);

    private void Write(params (int Seconds, string Text)[] lines) => _log.Writer.TryWrite(
        new LogBatch("s", [.. lines.Select(line => new LogLine(_now.AddSeconds(line.Seconds), false, line.Text))], 0, false, null));
}
