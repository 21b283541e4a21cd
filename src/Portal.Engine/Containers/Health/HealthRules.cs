namespace Portal.Engine.Containers.Health;

/// <summary>Docker's rules: what a check is completed with, when the next probe is due, and what its outcome means.</summary>
internal static class HealthRules
{
    private const int LogLength = 5;
    private const int DefaultRetries = 3;

    // The container's own program: nothing of it runs on the host.
    private const string DefaultShell = "/bin/sh";
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_defaultStartInterval = TimeSpan.FromSeconds(5);

    // Timers hold some 49 days; who waits longer waits for nothing.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(40);

    /// <summary>What was asked for, completed with the image's.</summary>
    public static Healthcheck? Merge(Healthcheck? own, Healthcheck? image)
    {
        if (own is null || image is null)
        {
            return own ?? image;
        }

        return new Healthcheck
        {
            Test = own.Test.Count > 0 ? own.Test : image.Test,
            Interval = own.Interval != default ? own.Interval : image.Interval,
            Timeout = own.Timeout != default ? own.Timeout : image.Timeout,
            StartPeriod = own.StartPeriod != default ? own.StartPeriod : image.StartPeriod,
            StartInterval = own.StartInterval != default ? own.StartInterval : image.StartInterval,
            Retries = own.Retries != 0 ? own.Retries : image.Retries,
        };
    }

    /// <summary>Every problem, in Docker's words.</summary>
    public static IEnumerable<string> Validate(Healthcheck? check)
    {
        if (check is null)
        {
            yield break;
        }

        (string Name, TimeSpan Value)[] durations =
        [
            ("Interval", check.Interval), ("Timeout", check.Timeout),
            ("StartPeriod", check.StartPeriod), ("StartInterval", check.StartInterval),
        ];
        foreach (var (name, value) in durations)
        {
            if (value != default && value < s_shortest)
            {
                yield return $"{name} in Healthcheck cannot be less than 1ms";
            }
        }

        if (check.Retries < 0)
        {
            yield return "Retries in Healthcheck cannot be negative";
        }

        if (check.Test is [var kind, ..] && kind is not ("NONE" or "CMD" or "CMD-SHELL"))
        {
            yield return $"Unknown healthcheck type '{kind}' (expected 'CMD')";
        }
        else if (check.Test is ["CMD" or "CMD-SHELL"] or ["CMD-SHELL", _, _, ..])
        {
            yield return $"Healthcheck of type '{check.Test[0]}' needs {(check.Test[0] == "CMD" ? "a program" : "one line for the shell")}";
        }

        if (check.Test.Any(word => word.Contains('\0')))
        {
            yield return "the healthcheck contains a NUL character, which no program can be given";
        }
    }

    /// <summary>The program of a probe; null for no check.</summary>
    public static IReadOnlyList<string>? Command(ContainerSpec spec)
    {
        return spec.Healthcheck?.Test switch
        {
            ["CMD", _, ..] test => [.. test.Skip(1)],
            ["CMD-SHELL", var line] => [.. spec.Shell is { Count: > 0 } shell ? shell : [DefaultShell, "-c"], line],
            _ => null,
        };
    }

    /// <summary>The state at a start, which keeps the log of earlier runs; null without a check.</summary>
    public static HealthState? AtStart(ContainerSpec spec, HealthState? before)
    {
        return Command(spec) is null ? null : (before ?? new HealthState()) with { Status = HealthStatus.Starting, FailingStreak = 0 };
    }

    /// <summary>The state after an end.</summary>
    public static HealthState? AtEnd(HealthState? before) => before is null ? null : before with { Status = HealthStatus.Unhealthy };

    public static TimeSpan Timeout(Healthcheck check) => Given(check.Timeout, s_defaultTimeout);

    /// <summary>How long to wait for the next probe from now on.</summary>
    /// <param name="check">The check.</param>
    /// <param name="state">How it stands.</param>
    /// <param name="startedAt">When the container started.</param>
    /// <param name="now">The time.</param>
    /// <param name="resumedAt">When it was last unpaused.</param>
    public static TimeSpan NextIn(
        Healthcheck check, HealthState state, DateTimeOffset startedAt, DateTimeOffset now, DateTimeOffset resumedAt = default)
    {
        var starting = state.Status == HealthStatus.Starting && now - startedAt < check.StartPeriod;
        var interval = starting ? Given(check.StartInterval, s_defaultStartInterval) : Given(check.Interval, s_defaultInterval);

        // The last probe of this run may have been an earlier engine's: the rhythm goes on.
        var from = state.Log is [.., var last] && last.End > startedAt && last.End <= now ? last.End : Earlier(startedAt, now);
        var left = (from > resumedAt ? from : resumedAt) + interval - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The state after a probe.</summary>
    public static HealthState After(HealthState before, Healthcheck check, HealthResult result, DateTimeOffset startedAt)
    {
        IReadOnlyList<HealthResult> log = [.. before.Log.TakeLast(LogLength - 1), result];
        if (result.ExitCode == 0)
        {
            return new HealthState { Status = HealthStatus.Healthy, Log = log };
        }

        if (before.Status == HealthStatus.Starting && result.Start - startedAt < check.StartPeriod)
        {
            return before with { Log = log };
        }

        var streak = before.FailingStreak + 1;
        var retries = check.Retries > 0 ? check.Retries : DefaultRetries;
        return new HealthState { Status = streak >= retries ? HealthStatus.Unhealthy : before.Status, FailingStreak = streak, Log = log };
    }

    private static DateTimeOffset Earlier(DateTimeOffset first, DateTimeOffset second) => first < second ? first : second;

    private static TimeSpan Given(TimeSpan value, TimeSpan otherwise)
    {
        var given = value <= TimeSpan.Zero ? otherwise : value;
        return given < s_longest ? given : s_longest;
    }
}
