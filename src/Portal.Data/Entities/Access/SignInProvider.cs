namespace Portal.Data.Entities.Access;

/// <summary>Whose word the portal takes for who somebody is: an OpenID Connect provider, or GitHub.</summary>
public sealed class SignInProvider
{
    public Guid Id { get; set; }

    /// <summary>As the button on the sign-in page says it.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>Oidc</c>, <c>Keycloak</c>, <c>Google</c>, <c>GitLab</c> or <c>GitHub</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Its address, without a slash at the end: the issuer of its tokens.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Under which it knows this portal.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client's secret, encrypted; null for none.</summary>
    public string? Secret { get; set; }

    /// <summary>False for one that nobody is offered.</summary>
    public bool Enabled { get; set; }

    /// <summary>Who may come in by it, and into which teams, in JSON.</summary>
    public string Settings { get; set; } = "{}";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
