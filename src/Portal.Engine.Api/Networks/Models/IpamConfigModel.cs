namespace Portal.Engine.Api.Networks.Models;

/// <summary>A subnet of a network.</summary>
internal sealed record IpamConfigModel(string Subnet, string Gateway);
