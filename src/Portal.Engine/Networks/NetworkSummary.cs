namespace Portal.Engine.Networks;

/// <summary>One row of a list of networks.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Unique within the instance.</param>
/// <param name="Driver"><c>bridge</c>, <c>host</c>, <c>null</c>, ...</param>
/// <param name="Subnet">IPv4 subnet in CIDR form; empty when it has none.</param>
/// <param name="Gateway">IPv4 gateway; empty when it has none.</param>
/// <param name="InterfaceName">The bridge's name on the host; empty when it has none.</param>
/// <param name="Created">When it was made.</param>
public sealed record NetworkSummary(
    string Id,
    string Name,
    string Driver,
    string Subnet,
    string Gateway,
    string InterfaceName,
    DateTimeOffset Created);
