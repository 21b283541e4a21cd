using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>What somebody enters about a provider. No record, so that nothing prints the secret by accident.</summary>
public sealed class ProviderInput
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public ProviderKind Kind { get; set; }

    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>Empty to keep the one that is there.</summary>
    public string Secret { get; set; } = "";

    /// <summary>True when one is kept.</summary>
    public bool HasSecret { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>When what is kept was changed last; of a new one never.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    public ProviderSettings Settings { get; set; } = new();

    /// <summary>Takes over what is known of the kind beforehand.</summary>
    public void Become(ProviderKind kind)
    {
        var shape = ProviderShape.Of(kind);
        (Kind, Authority, Name) = (kind, shape.Authority, shape.Title);
        Settings = Settings with { Scopes = shape.Scopes, GroupClaim = shape.GroupClaim };
    }
}
