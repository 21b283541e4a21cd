using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>The part of <c>HostConfig</c> that a list has.</summary>
internal sealed record SummaryHostConfig(
    string NetworkMode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string>? Annotations);
