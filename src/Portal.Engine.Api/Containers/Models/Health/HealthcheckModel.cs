using System.Text.Json.Serialization;
using Portal.Engine.Api.Json;
using Portal.Engine.Containers.Health;

namespace Portal.Engine.Api.Containers.Models.Health;

/// <summary>Docker's <c>HealthConfig</c>; times are in nanoseconds.</summary>
internal sealed record HealthcheckModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(StringListConverter))]
    public List<string>? Test { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Interval { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Timeout { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartPeriod { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartInterval { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; set; }

    public static HealthcheckModel? From(Healthcheck? check)
    {
        return check is null
            ? null
            : new HealthcheckModel
            {
                Test = check.Test.Count == 0 ? null : [.. check.Test],
                Interval = Nanoseconds(check.Interval),
                Timeout = Nanoseconds(check.Timeout),
                StartPeriod = Nanoseconds(check.StartPeriod),
                StartInterval = Nanoseconds(check.StartInterval),
                Retries = check.Retries,
            };
    }

    public Healthcheck Parse()
    {
        return new Healthcheck
        {
            Test = Test ?? [],
            Interval = Duration(Interval),
            Timeout = Duration(Timeout),
            StartPeriod = Duration(StartPeriod),
            StartInterval = Duration(StartInterval),
            Retries = Retries,
        };
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Less than a tick stays more than nothing, so that it is refused and not taken for the default.</summary>
    private static TimeSpan Duration(long nanoseconds)
    {
        var ticks = nanoseconds / TimeSpan.NanosecondsPerTick;
        return new TimeSpan(ticks == 0 && nanoseconds != 0 ? 1 : ticks);
    }
}
