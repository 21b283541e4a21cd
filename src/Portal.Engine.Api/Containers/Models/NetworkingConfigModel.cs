namespace Portal.Engine.Api.Containers.Models;

/// <summary>Docker's <c>NetworkingConfig</c>.</summary>
internal sealed record NetworkingConfigModel
{
    public Dictionary<string, EndpointModel>? EndpointsConfig { get; set; }
}
