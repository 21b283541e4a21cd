namespace Portal.Contracts.Link;

/// <summary>A nonce to sign.</summary>
/// <param name="Nonce">32 random bytes, base64url.</param>
public sealed record Challenge(string Nonce);
