namespace Portal.Engine.Api.Networks.Models;

/// <summary>A container on a network.</summary>
internal sealed record NetworkContainerModel
{
    public required string Name { get; init; }

    public required string EndpointID { get; init; }

    public required string MacAddress { get; init; }

    public required string IPv4Address { get; init; }

    public string IPv6Address { get; init; } = "";
}
