namespace Portal.Data.Entities.Overlays;

/// <summary>A node of a network that spans nodes.</summary>
public sealed class OverlayMember
{
    public Guid NetworkId { get; set; }

    public Guid NodeId { get; set; }

    /// <summary>Which part of the subnet is the node's, counted from 0.</summary>
    public int Block { get; set; }

    /// <summary>The IPv4 address at which others reach it, as it told last; empty before.</summary>
    public string NodeAddress { get; set; } = "";

    /// <summary>What it has on the network, as it told last, in JSON.</summary>
    public string Endpoints { get; set; } = "[]";

    /// <summary>What it could not do, in its own words; empty when all is well.</summary>
    public string Problem { get; set; } = "";

    /// <summary>What keeps it from answering at ports of the network, in its own words; empty when it answers at all.</summary>
    public string IngressProblem { get; set; } = "";
}
