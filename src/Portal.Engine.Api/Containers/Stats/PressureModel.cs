using System.Text.Json.Serialization;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>Pressure on one resource: no field of Docker's, and there only where the kernel measures it.</summary>
internal sealed record PressureModel
{
    [JsonPropertyName("some")]
    public required PressureShareModel Some { get; init; }

    [JsonPropertyName("full")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PressureShareModel? Full { get; init; }

    public static PressureModel From(PressureCounters counters) => new()
    {
        Some = PressureShareModel.From(counters.Some),
        Full = counters.Full is null ? null : PressureShareModel.From(counters.Full),
    };
}
