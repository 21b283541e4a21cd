using System.Text.Json.Serialization;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Execs.Models;

/// <summary>What an exec runs.</summary>
internal sealed record ExecProcessModel
{
    [JsonPropertyName("tty")]
    public required bool Tty { get; init; }

    [JsonPropertyName("entrypoint")]
    public required string Entrypoint { get; init; }

    [JsonPropertyName("arguments")]
    public required List<string> Arguments { get; init; }

    [JsonPropertyName("privileged")]
    public required bool Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    public static ExecProcessModel From(ExecSpec spec)
    {
        return new ExecProcessModel
        {
            Tty = spec.Tty,
            Entrypoint = spec.Command is [var program, ..] ? program : "",
            Arguments = spec.Command.Skip(1).ToList(),
            Privileged = spec.Privileged,
            User = spec.User,
        };
    }
}
