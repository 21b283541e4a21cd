namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>Which commands change a table.</summary>
internal enum FilterOwnerKind
{
    /// <summary>Nobody knows.</summary>
    Other,

    /// <summary><c>iptables</c>, whoever uses it.</summary>
    Iptables,

    /// <summary>dockerd, which leaves a chain to others.</summary>
    Docker,

    /// <summary><c>ufw</c>.</summary>
    Ufw,

    /// <summary><c>firewall-cmd</c>.</summary>
    Firewalld,
}
