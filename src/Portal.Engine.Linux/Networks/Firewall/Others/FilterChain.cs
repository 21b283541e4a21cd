namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A chain of nf_tables with its rules.</summary>
/// <param name="Family">1 for inet, 2 for ip, 10 for ip6 (NFPROTO_*).</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
internal sealed record FilterChain(byte Family, string Table, string Name)
{
    /// <summary>True when forwarded packets begin here.</summary>
    public bool IsForward { get; init; }

    /// <summary>True when packets that no rule decides on are dropped.</summary>
    public bool Drops { get; init; }

    /// <summary>The rules, in order.</summary>
    public List<IReadOnlyList<FilterStep>> Rules { get; } = [];
}
