using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Encrypts logins of repositories for the database: each is good for its stack and its server alone.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackSourceSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.StackSources.v1";

    public string Protect(Guid stackId, GitAddress address, string secret) => secret.Length == 0
        ? ""
        : Convert.ToBase64String(For(stackId, address).Protect(Encoding.UTF8.GetBytes(secret)));

    /// <exception cref="StackException">It was encrypted with a key that is gone, for another stack or server, or is damaged.</exception>
    public string Unprotect(Guid stackId, GitAddress address, string kept)
    {
        try
        {
            return kept.Length == 0 ? "" : Encoding.UTF8.GetString(For(stackId, address).Unprotect(Convert.FromBase64String(kept)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            throw new StackException(N("The login of the stack's repository can't be decrypted. Enter it anew."), failure);
        }
    }

    private IDataProtector For(Guid stackId, GitAddress address) =>
        protection.CreateProtector(Purpose, stackId.ToString("N"), address.Server);
}
