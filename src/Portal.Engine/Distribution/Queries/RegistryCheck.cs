namespace Portal.Engine.Distribution.Queries;

/// <summary>How a registry was reached.</summary>
/// <param name="IsSecure">True over TLS, false in the clear.</param>
/// <param name="IsAuthenticated">True when it wanted a login and accepted this one; false when it lets anybody in.</param>
public sealed record RegistryCheck(bool IsSecure, bool IsAuthenticated);
