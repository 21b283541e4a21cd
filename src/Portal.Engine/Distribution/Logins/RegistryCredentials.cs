namespace Portal.Engine.Distribution.Logins;

/// <summary>How somebody proves to a registry who they are. No record, so that no log can print it by accident.</summary>
public sealed class RegistryCredentials
{
    /// <summary>The account; empty where a token alone is used.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password or access token of the account.</summary>
    public string Password { get; init; } = "";

    /// <summary>A refresh token from an earlier login, which the registry's token server takes instead of a password.</summary>
    public string IdentityToken { get; init; } = "";

    /// <summary>A bearer token that is sent to the registry as it is.</summary>
    public string RegistryToken { get; init; } = "";

    /// <summary>True when there is nothing to prove anything with.</summary>
    public bool IsEmpty => Username.Length == 0 && IdentityToken.Length == 0 && RegistryToken.Length == 0;

    /// <summary>The account alone.</summary>
    public override string ToString() => Username.Length == 0 ? "a token" : $"user '{Username}'";
}
