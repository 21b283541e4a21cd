using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Builds.Models;

/// <summary>Why a build failed.</summary>
internal sealed record BuildErrorModel
{
    /// <summary>The exit code of a <c>RUN</c>.</summary>
    [JsonPropertyName("code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Code { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
