using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Json;

namespace Portal.Engine.Api.Images.Models;

/// <summary>What containers inherit of an image.</summary>
internal sealed record ImageConfigModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, EmptyObject>? ExposedPorts { get; init; }

    public required string User { get; init; }

    public required List<string> Env { get; init; }

    public required List<string>? Cmd { get; init; }

    public required Dictionary<string, EmptyObject>? Volumes { get; init; }

    public required string WorkingDir { get; init; }

    public required List<string>? Entrypoint { get; init; }

    public List<string>? OnBuild { get; init; }

    public required Dictionary<string, string>? Labels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StopSignal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthcheckModel? Healthcheck { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string>? Shell { get; init; }
}
