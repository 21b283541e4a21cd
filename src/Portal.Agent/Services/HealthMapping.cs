using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Containers;
using EngineHealthcheck = Portal.Engine.Containers.Health.Healthcheck;
using EngineHealthResult = Portal.Engine.Containers.Health.HealthResult;
using EngineHealthState = Portal.Engine.Containers.Health.HealthState;

namespace Portal.Agent.Services;

/// <summary>Health between the engine's types and the contract's.</summary>
internal static class HealthMapping
{
    public static HealthStatus ToStatus(EngineHealthState? health) =>
        health is null ? HealthStatus.Unspecified : (HealthStatus)((int)health.Status + 1);

    public static Health? ToHealth(ContainerInfo container)
    {
        if (container.Health is not { } state)
        {
            return null;
        }

        var health = new Health
        {
            Status = ToStatus(state),
            FailingStreak = state.FailingStreak,
            Check = ToCheck(container.Spec.Healthcheck),
        };
        health.Results.AddRange(state.Log.Select(ToResult));
        return health;
    }

    public static EngineHealthcheck? ToEngineCheck(Healthcheck? check)
    {
        return check is null
            ? null
            : new EngineHealthcheck
            {
                Test = [.. check.Test],
                Interval = ToTimeSpan(check.Interval),
                Timeout = ToTimeSpan(check.Timeout),
                StartPeriod = ToTimeSpan(check.StartPeriod),
                StartInterval = ToTimeSpan(check.StartInterval),
                Retries = check.Retries,
            };
    }

    private static Healthcheck? ToCheck(EngineHealthcheck? check)
    {
        if (check is null)
        {
            return null;
        }

        var mapped = new Healthcheck
        {
            Interval = ToDuration(check.Interval),
            Timeout = ToDuration(check.Timeout),
            StartPeriod = ToDuration(check.StartPeriod),
            StartInterval = ToDuration(check.StartInterval),
            Retries = check.Retries,
        };
        mapped.Test.AddRange(check.Test);
        return mapped;
    }

    private static HealthResult ToResult(EngineHealthResult result) => new()
    {
        StartedAt = Timestamp.FromDateTimeOffset(result.Start),
        EndedAt = Timestamp.FromDateTimeOffset(result.End),
        ExitCode = result.ExitCode,
        Output = result.Output,
    };

    private static TimeSpan ToTimeSpan(Duration? duration) => duration?.ToTimeSpan() ?? TimeSpan.Zero;

    private static Duration? ToDuration(TimeSpan time) => time == TimeSpan.Zero ? null : Duration.FromTimeSpan(time);
}
