namespace Portal.Engine.Linux.Networks.Links;

/// <summary>A link as the kernel lists it.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>bridge</c>, <c>veth</c>, ...; empty for hardware.</param>
/// <param name="Master">Number of the bridge that it is a port of, or 0.</param>
/// <param name="Mtu">Largest packet in bytes.</param>
/// <param name="IsUp">True when it was set up.</param>
/// <param name="Alias">A note on it; empty for none.</param>
internal sealed record LinkState(int Index, string Name, string Kind, int Master, int Mtu, bool IsUp, string Alias);
