using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Images.Models;

/// <summary>Why a stream of progress ended early.</summary>
internal sealed record ProgressErrorModel([property: JsonPropertyName("message")] string Message);
