using Portal.Web.Features.Registries;

namespace Portal.Web.Features.Rest.Registries;

/// <summary>What a registry shall be. No record, so that nothing prints it by accident.</summary>
internal sealed class RegistryBody
{
    /// <summary><c>host[:port]</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The account; empty for none.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The password or token; empty to keep the one that is there.</summary>
    public string Secret { get; init; } = "";

    /// <summary>True when the secret is an identity token.</summary>
    public bool IsIdentityToken { get; init; }

    public RegistryInput ToInput(Guid? id) =>
        new() { Id = id, Host = Host, UserName = UserName, Secret = Secret, IsIdentityToken = IsIdentityToken };
}
