using Portal.Engine.Containers;
using Portal.Engine.Containers.Health;

namespace Portal.Engine.Tests.Containers.Health;

public sealed class HealthRulesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Healthcheck s_check = new() { Test = ["CMD", "true"], StartPeriod = TimeSpan.FromSeconds(10), Retries = 2 };

    [Fact]
    public void After_FailuresInTheStartPeriod_DoNotCountUntilOneSucceeded()
    {
        var early = HealthRules.After(new HealthState(), s_check, Result(5, 1), s_start);
        var good = HealthRules.After(early, s_check, Result(6, 0), s_start);
        var bad = HealthRules.After(good, s_check, Result(7, 1), s_start);

        Assert.Equal((HealthStatus.Starting, 0), (early.Status, early.FailingStreak));
        Assert.Equal((HealthStatus.Healthy, 0), (good.Status, good.FailingStreak));
        Assert.Equal((HealthStatus.Healthy, 1), (bad.Status, bad.FailingStreak));
    }

    [Fact]
    public void After_AsManyFailuresAsAllowed_IsUnhealthyUntilOneSucceeds()
    {
        var state = new HealthState();
        state = HealthRules.After(state, s_check, Result(11, 1), s_start);
        Assert.Equal(HealthStatus.Starting, state.Status);
        state = HealthRules.After(state, s_check, Result(12, -1), s_start);
        Assert.Equal((HealthStatus.Unhealthy, 2), (state.Status, state.FailingStreak));
        state = HealthRules.After(state, s_check, Result(13, 0), s_start);
        Assert.Equal((HealthStatus.Healthy, 0), (state.Status, state.FailingStreak));
    }

    [Fact]
    public void After_MoreThanFiveProbes_KeepsTheLastFive()
    {
        var state = new HealthState();
        for (var second = 0; second < 8; second++)
        {
            state = HealthRules.After(state, s_check, Result(second, 0), s_start);
        }

        Assert.Equal([3, 4, 5, 6, 7], state.Log.Select(result => (int)(result.Start - s_start).TotalSeconds));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(4, 1)]
    [InlineData(20, 10)]
    public void NextIn_SinceTheStart_IsTheStartIntervalWithinTheStartPeriod(int seconds, int wait)
    {
        var next = HealthRules.NextIn(s_check, new HealthState(), s_start, s_start.AddSeconds(seconds));

        Assert.Equal(wait, (int)next.TotalSeconds);
    }

    [Fact]
    public void NextIn_AfterAnEarlierEnginesProbe_KeepsTheRhythm()
    {
        var state = new HealthState { Status = HealthStatus.Healthy, Log = [Result(100, 0)] };

        Assert.Equal(21, (int)HealthRules.NextIn(s_check, state, s_start, s_start.AddSeconds(110)).TotalSeconds);
        Assert.Equal(TimeSpan.Zero, HealthRules.NextIn(s_check, state, s_start, s_start.AddSeconds(500)));
    }

    [Fact]
    public void Merge_OfBoth_TakesWhatIsGivenAndTheImagesElse()
    {
        var image = new Healthcheck { Test = ["CMD", "a"], Interval = TimeSpan.FromSeconds(1), Retries = 7 };
        var merged = HealthRules.Merge(new Healthcheck { Interval = TimeSpan.FromSeconds(2) }, image)!;

        Assert.Equal(["CMD", "a"], merged.Test);
        Assert.Equal((TimeSpan.FromSeconds(2), 7), (merged.Interval, merged.Retries));
        Assert.Equal(["NONE"], HealthRules.Merge(new Healthcheck { Test = ["NONE"] }, image)!.Test);
    }

    [Fact]
    public void Command_EachForm_IsWhatRuns()
    {
        Assert.Equal(["curl", "-f", "x"], Command(["CMD", "curl", "-f", "x"]));
        Assert.Equal(["/bin/sh", "-c", "a && b"], Command(["CMD-SHELL", "a && b"]));
        Assert.Equal(["/bin/ash", "-ec", "a"], Command(["CMD-SHELL", "a"], ["/bin/ash", "-ec"]));
        Assert.Null(Command(["NONE"]));
        Assert.Null(Command([]));
    }

    [Fact]
    public void Validate_EveryProblem_IsToldInDockersWords()
    {
        var problems = HealthRules.Validate(new Healthcheck
        {
            Test = ["HTTP", "/"],
            Interval = TimeSpan.FromTicks(1),
            Timeout = TimeSpan.FromSeconds(-1),
            Retries = -1,
        }).ToList();

        Assert.Equal(
            [
                "Interval in Healthcheck cannot be less than 1ms",
                "Timeout in Healthcheck cannot be less than 1ms",
                "Retries in Healthcheck cannot be negative",
                "Unknown healthcheck type 'HTTP' (expected 'CMD')",
            ],
            problems);
        Assert.Empty(HealthRules.Validate(s_check));
    }

    private static IReadOnlyList<string>? Command(IReadOnlyList<string> test, IReadOnlyList<string>? shell = null) =>
        HealthRules.Command(new ContainerSpec { Image = "a", Healthcheck = new Healthcheck { Test = test }, Shell = shell });

    private static HealthResult Result(int second, int code) =>
        new(s_start.AddSeconds(second), s_start.AddSeconds(second + 1), code, "");
}
