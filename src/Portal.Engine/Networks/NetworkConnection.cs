namespace Portal.Engine.Networks;

/// <summary>What a container asks of one network.</summary>
public sealed record NetworkConnection
{
    /// <summary>The network's name or id.</summary>
    public required string Network { get; init; }

    /// <summary>A fixed IPv4 address, dotted; null or empty for the next free one. Needs a network with a configured subnet.</summary>
    public string? Address { get; init; }

    /// <summary>Further names on this network; several containers may share one.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>A fixed MAC address, or null for one derived from the address.</summary>
    public string? MacAddress { get; init; }

    internal static bool AreSame(IReadOnlyList<NetworkConnection> left, IReadOnlyList<NetworkConnection> right)
    {
        return left.Count == right.Count && left.Zip(right).All(pair =>
            pair.First with { Aliases = [] } == pair.Second with { Aliases = [] }
            && pair.First.Aliases.SequenceEqual(pair.Second.Aliases));
    }
}
