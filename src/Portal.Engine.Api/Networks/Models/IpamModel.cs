namespace Portal.Engine.Api.Networks.Models;

/// <summary>How a network gives addresses out.</summary>
internal sealed record IpamModel
{
    public string Driver { get; init; } = "default";

    public Dictionary<string, string>? Options { get; init; }

    public required List<IpamConfigModel> Config { get; init; }
}
