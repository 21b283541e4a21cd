namespace Portal.Agent.Link;

/// <summary>What this agent is to its portal. The private key is in a file of its own.</summary>
/// <param name="NodeId">The node's id.</param>
/// <param name="NodeName">The node's name when it joined.</param>
/// <param name="PortalUrl">The portal's origin, with the prefix of its paths; several, separated by commas, where several portals of one
/// database are not reached by one.</param>
/// <param name="Fingerprint">SHA-256 of the portal's certificate, 64 hexadecimal digits; empty for a portal
/// reached over loopback without TLS.</param>
internal sealed record AgentIdentity(Guid NodeId, string NodeName, string PortalUrl, string Fingerprint)
{
    /// <summary>The portal's first address with what is pinned.</summary>
    public PortalAddress Address => Addresses[0];

    /// <summary>All its addresses, each with what is pinned.</summary>
    public IReadOnlyList<PortalAddress> Addresses =>
        PortalAddress.ParseAll(PortalUrl, Fingerprint.Length == 0 ? null : Convert.FromHexString(Fingerprint));
}
