namespace Portal.Web.Identity.Providers;

/// <summary>What sort of provider it is. The names stand in the database.</summary>
public enum ProviderKind
{
    /// <summary>Any that speaks OpenID Connect and can be discovered.</summary>
    Oidc,
    Keycloak,
    Google,
    GitLab,

    /// <summary>Plain OAuth 2.0, with GitHub's own API for who somebody is.</summary>
    GitHub,
}
