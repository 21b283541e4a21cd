using Portal.Contracts.Hubs;
using Portal.Testing.Engine;
using Portal.Web.Features.Stats.History;

namespace Portal.Web.Tests.Features.Stats;

public sealed class StatsBucketsTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 2, 3, 5, 0, TimeSpan.Zero);
    private static readonly Guid s_node = Guid.NewGuid();
    private readonly FakeTimeProvider _time = new();

    public StatsBucketsTests() => _time.Advance(s_begin - _time.GetUtcNow());

    [Fact]
    public void TakeClosed_StepIsOpen_GivesNothingAndLaterOnce()
    {
        var buckets = new StatsBuckets(_time);
        buckets.Add(s_node, Node(0.25), 4);
        Assert.Empty(buckets.TakeClosed());

        _time.Advance(TimeSpan.FromSeconds(10));
        var row = Assert.Single(buckets.TakeClosed());

        Assert.Equal((s_node, "", s_begin), (row.NodeId, row.ContainerId, row.At));
        Assert.Equal(1f, Value(row, "cpu"));
        Assert.Equal(4f, Value(row, "cpu_limit"));
        Assert.Empty(buckets.TakeClosed());
    }

    [Fact]
    public void TakeClosed_SeveralSamplesInAStep_AverageAndPeak()
    {
        var buckets = new StatsBuckets(_time);
        foreach (var share in new[] { 0.1, 0.2, 0.9 })
        {
            buckets.Add(s_node, Node(share), 10);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        var row = Assert.Single(buckets.TakeClosed());

        Assert.Equal(4f, Value(row, "cpu")!.Value, 3);
        Assert.Equal(9f, Value(row, "cpu_peak"));
    }

    [Fact]
    public void TakeClosed_Container_RatesFromTheSecondSampleOnAndNoneOverARestart()
    {
        var buckets = new StatsBuckets(_time);
        float?[] cpus = [.. new long[] { 0, 5, 10, 1, 3 }.Select(seconds =>
        {
            // The node's clock is an hour wrong: that moves no point.
            var sample = new StatsSample(
                "c", _time.GetUtcNow().AddHours(1), seconds * 1_000_000_000, 2, 100, 200, seconds * 1000, 0, 0, 0, 1);
            buckets.Add(s_node, sample);
            _time.Advance(TimeSpan.FromSeconds(10));
            var row = Assert.Single(buckets.TakeClosed());
            Assert.Equal(_time.GetUtcNow().AddSeconds(-10), row.At);
            Assert.Equal(100f, Value(row, "memory"));
            return Value(row, "cpu");
        })];

        Assert.Equal([null, 0.5f, 0.5f, null, 0.2f], cpus);
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(-5)]
    public void Add_AbsurdNumbers_GivesNoInfinity(double share)
    {
        var buckets = new StatsBuckets(_time);
        buckets.Add(s_node, Node(share) with { Load1 = double.MaxValue }, 2);
        _time.Advance(TimeSpan.FromSeconds(10));

        var row = Assert.Single(buckets.TakeClosed());

        Assert.InRange(Value(row, "cpu")!.Value, 0, 2);
        Assert.Null(Value(row, "load1"));
    }

    [Theory]
    [InlineData("1d,7d,90d", true)]
    [InlineData("2h, 2d, 10d", true)]
    [InlineData("7d,1d,90d", false)]
    [InlineData("1d,7d", false)]
    [InlineData("1d,7d,90d,", false)]
    [InlineData("0d,7d,90d", false)]
    [InlineData("-1d,7d,90d", false)]
    [InlineData("1d,7d,99999d", false)]
    [InlineData("", false)]
    public void Keeping_Parse_TakesThreeGrowingSpans(string text, bool good)
    {
        Assert.Equal(good, StatsKeeping.Parse(text) is not null);
    }

    private static NodeSample Node(double share) => new(s_begin, share, 1, 1000, 500, 2000, 700);

    private static float? Value(StatsRow row, string column) => row.Values[StatsRow.Columns.ToList().IndexOf(column)];
}
