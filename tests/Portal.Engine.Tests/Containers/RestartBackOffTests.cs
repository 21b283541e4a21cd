using Portal.Engine.Containers.Restarts;

namespace Portal.Engine.Tests.Containers;

public sealed class RestartBackOffTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(3, 400)]
    [InlineData(9, 25_600)]
    [InlineData(10, 51_200)]
    [InlineData(11, 60_000)]
    [InlineData(1_000_000, 60_000)]
    [InlineData(0, 100)]
    public void Delay_ShortRuns_DoublesUpToAMinute(int shortRuns, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RestartBackOff.Delay(shortRuns));
    }
}
