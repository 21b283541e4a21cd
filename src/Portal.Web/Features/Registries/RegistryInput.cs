using Portal.Contracts.Registries.V1;

namespace Portal.Web.Features.Registries;

/// <summary>What somebody enters about a registry. No record, so that nothing prints it by accident.</summary>
public sealed class RegistryInput
{
    /// <summary>The registry to change, or null for a new one.</summary>
    public Guid? Id { get; set; }

    public string Host { get; set; } = "";

    public string UserName { get; set; } = "";

    /// <summary>The password or token; empty to keep the one that is there.</summary>
    public string Secret { get; set; } = "";

    /// <summary>True when <see cref="Secret"/> is an identity token, which the registry's token server takes for a password.</summary>
    public bool IsIdentityToken { get; set; }

    /// <summary>The login that was entered, or null where none was.</summary>
    internal RegistryCredentials? ToCredentials()
    {
        if (Secret.Length == 0)
        {
            return null;
        }

        return new RegistryCredentials
        {
            Username = UserName.Trim(),
            Password = IsIdentityToken ? "" : Secret,
            IdentityToken = IsIdentityToken ? Secret : "",
        };
    }
}
