namespace Portal.Engine.Api.Containers.Models;

/// <summary>A place on the host that a port is published at.</summary>
internal sealed record PortMapping
{
    public string HostIp { get; set; } = "";

    public string HostPort { get; set; } = "";
}
