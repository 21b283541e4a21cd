namespace Portal.Contracts.Link;

/// <summary>A nonce to sign.</summary>
/// <param name="Nonce">32 bytes that the portal alone can make, base64url; opaque to the agent.</param>
public sealed record Challenge(string Nonce)
{
    /// <summary>Which portal made it and takes what is signed with it; null from portals that know no others.</summary>
    public Guid? Portal { get; init; }
}
