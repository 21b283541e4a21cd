using System.Text.Json.Serialization;

namespace Portal.Engine.Api.System.Models;

/// <summary>An OCI runtime.</summary>
internal sealed record RuntimeModel([property: JsonPropertyName("path")] string Path);
