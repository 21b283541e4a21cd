namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A chain of nf_tables, or of legacy iptables, with its rules.</summary>
/// <param name="Family">1 for inet, 2 for ip, 10 for ip6 (NFPROTO_*).</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
internal sealed record FilterChain(byte Family, string Table, string Name)
{
    /// <summary>True when forwarded packets begin here.</summary>
    public bool IsForward { get; init; }

    /// <summary>True when packets to the host itself begin here.</summary>
    public bool IsInput { get; init; }

    /// <summary>True for one of legacy iptables (<c>ip_tables</c>), which nft does not show.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>True when packets that no rule decides on are dropped.</summary>
    public bool Drops { get; init; }

    /// <summary>The rules, in order.</summary>
    public List<IReadOnlyList<FilterStep>> Rules { get; } = [];

    /// <summary>The sets and maps of its table that rules look things up in, as far as they could be read.</summary>
    public IReadOnlyDictionary<string, FilterSet> Sets { get; set; } = new Dictionary<string, FilterSet>();

    /// <summary>What names of chains are within.</summary>
    public (bool IsLegacy, byte Family, string Table) Scope => (IsLegacy, Family, Table);

    /// <summary>For people, as nft calls it.</summary>
    public string Description => IsLegacy
        ? $"chain {Name} of table {Table} of {Iptables}"
        : $"chain {Name} of nftables table {FamilyName} {Table}";

    /// <summary>The program that changes it, where it is of the kind that iptables makes.</summary>
    public string Iptables => (Family == 10 ? "ip6tables" : "iptables") + (IsLegacy ? "-legacy" : "");

    private string FamilyName => Family switch { 1 => "inet", 10 => "ip6", _ => "ip" };
}
