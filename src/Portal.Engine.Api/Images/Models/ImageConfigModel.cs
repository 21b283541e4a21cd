using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Json;

namespace Portal.Engine.Api.Images.Models;

/// <summary>
/// What containers inherit of an image. The members with a value here are of containers alone; Docker keeps them, always empty, up to
/// 1.47, and clients with fixed types count on them.
/// </summary>
internal sealed record ImageConfigModel
{
    public string Hostname { get; init; } = "";

    public string Domainname { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, EmptyObject>? ExposedPorts { get; init; }

    public required string User { get; init; }

    public bool AttachStdin { get; init; }

    public bool AttachStdout { get; init; }

    public bool AttachStderr { get; init; }

    public bool Tty { get; init; }

    public bool OpenStdin { get; init; }

    public bool StdinOnce { get; init; }

    public string Image { get; init; } = "";

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
