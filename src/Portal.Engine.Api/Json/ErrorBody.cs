using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Json;

/// <summary>Docker's error body.</summary>
internal sealed record ErrorBody([property: JsonPropertyName("message")] string Message);
