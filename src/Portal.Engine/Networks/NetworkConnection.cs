namespace Portal.Engine.Networks;

/// <summary>What a container asks of one network.</summary>
public sealed record NetworkConnection
{
    private static readonly IReadOnlyList<string> s_nothing = [];
    private static readonly IReadOnlyDictionary<string, string> s_noOptions = new Dictionary<string, string>();

    /// <summary>The network's name or id.</summary>
    public required string Network { get; init; }

    /// <summary>A fixed IPv4 address, dotted; null or empty for the next free one. Needs a network with a configured subnet.</summary>
    public string? Address { get; init; }

    /// <summary>Further names on this network; several containers may share one.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>A fixed MAC address, or null for one derived from the address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>A fixed IPv6 address; null or empty for the next free one. Needs a network with a configured subnet.</summary>
    public string? Address6 { get; init; }

    /// <summary>Further addresses of the interface, such as <c>169.254.1.2</c>, which are nobody's to give out.</summary>
    public IReadOnlyList<string> LinkLocalAddresses { get; init; } = [];

    /// <summary>Options of the driver for this endpoint.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>The default route goes over the network with the highest one; among equals the first.</summary>
    public int GatewayPriority { get; init; }

    internal static bool AreSame(IReadOnlyList<NetworkConnection> left, IReadOnlyList<NetworkConnection> right)
    {
        return left.Count == right.Count && left.Zip(right).All(pair =>
            Plain(pair.First) == Plain(pair.Second)
            && pair.First.Aliases.SequenceEqual(pair.Second.Aliases)
            && pair.First.LinkLocalAddresses.SequenceEqual(pair.Second.LinkLocalAddresses)
            && pair.First.DriverOptions.Count == pair.Second.DriverOptions.Count
            && !pair.First.DriverOptions.Except(pair.Second.DriverOptions).Any());
    }

    /// <summary>Without what is compared by its content.</summary>
    private static NetworkConnection Plain(NetworkConnection connection)
    {
        return connection with { Aliases = s_nothing, LinkLocalAddresses = s_nothing, DriverOptions = s_noOptions };
    }
}
