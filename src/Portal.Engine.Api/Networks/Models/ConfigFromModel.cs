namespace Portal.Engine.Api.Networks.Models;

/// <summary>The network that a network's settings come from: a swarm's matter.</summary>
internal sealed record ConfigFromModel
{
    public string Network { get; set; } = "";
}
