using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Portal.Agent.Services.Logs;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Errors;

namespace Portal.Agent.Tests.Services.Logs;

/// <summary>Pages of a log whose lines come three at each moment, as a monitor writes them.</summary>
public sealed class LogPagesTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeLogs _logs = new();

    public LogPagesTests()
    {
        for (var i = 0; i < 30; i++)
        {
            _logs.Write(i.ToString(CultureInfo.InvariantCulture), At(i));
        }
    }

    [Fact]
    public async Task ReadAsync_BackPageByPage_MissesAndRepeatsNothing()
    {
        var found = new List<string>();
        var request = new ReadLogLinesRequest { Container = "c", Limit = 7 };
        ReadLogLinesResponse page;
        do
        {
            page = await new LogPages(_logs).ReadAsync(request, default);
            found.InsertRange(0, page.Lines.Select(line => line.Text));
            request.Until = page.Lines[0].Time;
            request.Skip = found.TakeWhile((_, index) => At(30 - found.Count + index) == At(30 - found.Count)).Count();
        }
        while (page.More);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), found);
    }

    [Fact]
    public async Task ReadAsync_ForwardFromAMoment_SkipsWhatTheCallerHas()
    {
        var request = new ReadLogLinesRequest { Container = "c", Since = Timestamp.FromDateTimeOffset(At(9)), Skip = 2, Limit = 5 };

        var page = await new LogPages(_logs).ReadAsync(request, default);
        Assert.Equal(["11", "12", "13", "14", "15"], page.Lines.Select(line => line.Text));
        Assert.True(page.More);

        request.Limit = 100;
        page = await new LogPages(_logs).ReadAsync(request, default);
        Assert.Equal((19, false), (page.Lines.Count, page.More));
    }

    [Fact]
    public async Task ReadAsync_LongLines_GivesFewerButGoesOn()
    {
        var log = new FakeLogs();
        for (var i = 0; i < 60; i++)
        {
            log.Write(new string('x', 16_000), At(i));
        }

        var page = await new LogPages(log).ReadAsync(new ReadLogLinesRequest { Container = "c", Limit = 50 }, default);

        Assert.InRange(page.Lines.Count, 1, 40);
        Assert.True(page.More);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1001, 0)]
    [InlineData(5, -1)]
    public async Task ReadAsync_NoSensiblePage_IsRefused(int limit, int skip)
    {
        var request = new ReadLogLinesRequest { Container = "c", Limit = limit, Skip = skip };

        var failure = await Assert.ThrowsAsync<EngineException>(() => new LogPages(_logs).ReadAsync(request, default));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    private static DateTimeOffset At(int line) => s_begin.AddSeconds(line / 3);
}
