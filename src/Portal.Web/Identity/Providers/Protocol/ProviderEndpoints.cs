using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Where a provider is asked what.</summary>
internal sealed record ProviderEndpoints
{
    public required string Issuer { get; init; }

    public required string Authorization { get; init; }

    public required string Token { get; init; }

    /// <summary>Who somebody is; empty when it is in the id token alone.</summary>
    public string UserInfo { get; init; } = "";

    /// <summary>True when the client's secret goes into the header (RFC 6749, 2.3.1), since the provider wants it nowhere else.</summary>
    public bool WantsBasic { get; init; }

    /// <summary>What was discovered, with the keys; null for GitHub, which has no id tokens.</summary>
    public OpenIdConnectConfiguration? Discovered { get; init; }

    /// <summary>GitHub's own: fixed below its address.</summary>
    public static ProviderEndpoints OfGitHub(string authority) => new()
    {
        Issuer = authority,
        Authorization = $"{authority}/login/oauth/authorize",
        Token = $"{authority}/login/oauth/access_token",
        UserInfo = $"{(authority == "https://github.com" ? "https://api.github.com" : $"{authority}/api/v3")}/user",
    };
}
