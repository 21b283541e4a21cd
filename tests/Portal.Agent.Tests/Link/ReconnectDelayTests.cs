using Portal.Agent.Link;

namespace Portal.Agent.Tests.Link;

public sealed class ReconnectDelayTests
{
    private readonly ReconnectDelay _delay = new(new Random(1));

    [Fact]
    public void Next_FirstFailure_IsTriedAtOnce() => Assert.Equal(TimeSpan.Zero, _delay.Next(LinkProblem.Unreachable));

    [Fact]
    public void Next_NobodyAnswersForLong_StaysBelowASecond()
    {
        var waits = Enumerable.Range(0, 100).Select(_ => _delay.Next(LinkProblem.Unreachable)).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.True(waits[^1] >= TimeSpan.FromSeconds(0.75));
    }

    [Fact]
    public void Next_PortalFailsForLong_GrowsToFiveSeconds()
    {
        var waits = Enumerable.Range(0, 100).Select(_ => _delay.Next(LinkProblem.Failing)).ToArray();
        Assert.InRange(waits[^1], TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(5));
        Assert.True(waits.Distinct().Count() > 10, "A thousand agents must not come back in the same instant.");
    }

    [Fact]
    public void Next_Refused_WaitsLongEvenAtFirst() =>
        Assert.InRange(_delay.Next(LinkProblem.Refused), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));

    [Fact]
    public void Next_AfterAConnectionThatStood_BeginsAnew()
    {
        _ = Enumerable.Range(0, 10).Select(_ => _delay.Next(LinkProblem.Failing)).ToArray();
        _delay.Reset();
        Assert.Equal(TimeSpan.Zero, _delay.Next(LinkProblem.Failing));
    }
}
