namespace Portal.Contracts.Link;

/// <summary>An agent's request to become a node.</summary>
/// <param name="Token">The join token.</param>
/// <param name="PublicKey">The agent's public key: X.509 SubjectPublicKeyInfo of a P-256 key, base64.</param>
/// <param name="Hostname">The host's name, which becomes the node's when it is free.</param>
/// <param name="Version">The agent's version.</param>
public sealed record JoinRequest(string Token, string PublicKey, string Hostname, string Version)
{
    /// <summary>What the host says of itself; null from agents that don't tell.</summary>
    public HostSummary? Host { get; init; }
}
