namespace Portal.Engine.Api.Networks.Models;

/// <summary>How a network gives addresses out.</summary>
internal sealed record IpamModel
{
    public string Driver { get; set; } = "default";

    public Dictionary<string, string>? Options { get; set; }

    public List<IpamConfigModel>? Config { get; set; }
}
