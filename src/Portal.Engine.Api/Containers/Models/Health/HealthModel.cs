using Portal.Engine.Containers.Health;

namespace Portal.Engine.Api.Containers.Models.Health;

/// <summary>Docker's <c>State.Health</c>.</summary>
internal sealed record HealthModel
{
    public required string Status { get; init; }

    public required int FailingStreak { get; init; }

    public required List<HealthResultModel> Log { get; init; }

    public static HealthModel? From(HealthState? health)
    {
        return health is null
            ? null
            : new HealthModel
            {
                Status = Word(health),
                FailingStreak = health.FailingStreak,
                Log = health.Log.Select(HealthResultModel.From).ToList(),
            };
    }

    /// <summary>Docker's word, which the <c>health</c> filter takes; <c>none</c> without a check.</summary>
    public static string Word(HealthState? health) => health?.Status switch
    {
        null => "none",
        HealthStatus.Starting => "starting",
        HealthStatus.Healthy => "healthy",
        _ => "unhealthy",
    };
}
