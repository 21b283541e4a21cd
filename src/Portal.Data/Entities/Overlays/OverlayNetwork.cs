namespace Portal.Data.Entities.Overlays;

/// <summary>A network that spans nodes: those of an environment, or all.</summary>
public sealed class OverlayNetwork
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Its number on the wire, 1 to 16777215.</summary>
    public int Vni { get; set; }

    public int Port { get; set; }

    /// <summary>All its addresses, IPv4, CIDR form.</summary>
    public string Subnet { get; set; } = "";

    /// <summary>Bits of the prefix of a node's part.</summary>
    public int BlockLength { get; set; }

    public bool IsInternal { get; set; }

    /// <summary>Whose nodes it spans; null for all nodes.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>The stack that it belongs to; null for one that people made.</summary>
    public Guid? StackId { get; set; }

    /// <summary>Ports at which every node answers with its containers, as <c>8080/tcp,53/udp</c>; empty for none.</summary>
    public string Ports { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public string AuthorName { get; set; } = "";

    /// <summary>It goes from each node that answers; then the row does.</summary>
    public bool IsRemoving { get; set; }
}
