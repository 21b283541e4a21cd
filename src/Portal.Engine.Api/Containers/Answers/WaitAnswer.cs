using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Answers;

/// <summary>The answer of <c>POST /containers/{id}/wait</c>.</summary>
internal sealed record WaitAnswer
{
    public required int StatusCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitError? Error { get; init; }
}
