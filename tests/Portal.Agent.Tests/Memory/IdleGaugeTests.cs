using Portal.Agent.Memory;

namespace Portal.Agent.Tests.Memory;

public sealed class IdleGaugeTests
{
    private readonly IdleGauge _gauge = new();

    [Fact]
    public void IsDue_QuietAfterABurst_OnceForEachBurst()
    {
        Assert.False(_gauge.IsDue(20 << 20));
        Assert.True(_gauge.IsDue((20 << 20) + 100));
        Assert.False(_gauge.IsDue((20 << 20) + 200));

        Assert.False(_gauge.IsDue(40 << 20));
        Assert.True(_gauge.IsDue(40 << 20));
    }

    [Fact]
    public void IsDue_StillAtWork_Never()
    {
        for (long allocated = 0; allocated < 1L << 30; allocated += IdleGauge.Quiet)
        {
            Assert.False(_gauge.IsDue(allocated + IdleGauge.Quiet));
        }
    }

    [Fact]
    public void IsDue_LittleGarbage_WaitsUntilItIsWorthwhile()
    {
        var allocated = 0L;
        while (allocated + (IdleGauge.Quiet / 2) < IdleGauge.Worthwhile)
        {
            Assert.False(_gauge.IsDue(allocated += IdleGauge.Quiet / 2));
        }

        Assert.True(_gauge.IsDue(allocated + (IdleGauge.Quiet / 2)));
    }
}
