namespace Portal.Web.Identity.Providers;

/// <summary>What is known of a kind of provider beforehand.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Authority">Its usual address; empty where each has its own.</param>
/// <param name="AuthorityHint">What to enter there.</param>
/// <param name="Scopes">What the portal asks for.</param>
/// <param name="GroupClaim">Where the names of groups stand; empty where nothing tells them.</param>
/// <param name="GroupHint">What a group looks like.</param>
/// <param name="IsPublic">True when anybody in the world can have an account at the usual address.</param>
public sealed record ProviderShape(
    string Title, string Authority, string AuthorityHint, string Scopes, string GroupClaim, string GroupHint, bool IsPublic)
{
    /// <summary>The shape of a kind.</summary>
    public static ProviderShape Of(ProviderKind kind) => kind switch
    {
        ProviderKind.Keycloak => new(
            "Keycloak", "", N("The realm's address: https://sso.example.com/realms/NAME"), "openid profile email", "groups",
            N("As the mapper 'Group Membership' writes it, such as /platform; or roles: set the claim to realm_access.roles."), false),
        ProviderKind.Google => new(
            "Google", "https://accounts.google.com", N("Always https://accounts.google.com"), "openid profile email", "",
            N("Google tells no groups; limit who comes in by the domains of mail addresses."), true),
        ProviderKind.GitLab => new(
            "GitLab", "https://gitlab.com", N("https://gitlab.com or your own GitLab"), "openid profile email", "groups",
            N("The full path of a group, such as acme/platform."), true),
        ProviderKind.GitHub => new(
            "GitHub", "https://github.com", N("https://github.com or your own GitHub Enterprise Server"),
            "read:user user:email read:org", "", N("An organisation, such as acme, or a team in it, such as acme/platform."), true),
        _ => new(
            "OpenID Connect", "", N("The issuer: its address without /.well-known/openid-configuration"), "openid profile email", "groups",
            N("As it stands in the claim."), false),
    };
}
