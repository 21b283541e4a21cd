using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Data.Entities.Access;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>Encrypts clients' secrets for the database (docs/adr/0007-secrets-in-the-database.md): each for its provider, address and client id.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ProviderSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.SignInProviders.v1";

    public string Protect(SignInProvider provider, string secret) => For(provider).Protect(secret);

    /// <returns>Empty when there is none.</returns>
    /// <exception cref="ProviderException">It was encrypted with a key that is gone, or for another client.</exception>
    public string Unprotect(SignInProvider provider)
    {
        try
        {
            return provider.Secret is { } secret ? For(provider).Unprotect(secret) : "";
        }
        catch (CryptographicException failure)
        {
            throw new ProviderException(N("The client's secret can't be decrypted. An administrator has to enter it anew."), failure);
        }
    }

    private IDataProtector For(SignInProvider provider) =>
        protection.CreateProtector(Purpose, provider.Id.ToString("N"), provider.Authority, provider.ClientId);
}
