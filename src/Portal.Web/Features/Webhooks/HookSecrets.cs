using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Web.Features.Webhooks;

/// <summary>
/// Makes secrets of webhooks and encrypts them for the database: they sign, so a hash of them would not do. What was encrypted for one webhook is no
/// good for another.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class HookSecrets(IDataProtectionProvider protection)
{
    /// <summary>What GitLab's signing tokens and those of standard-webhooks begin with; the rest is the key in base64.</summary>
    public const string SigningPrefix = "whsec_";

    private const string Purpose = "Portal.Webhooks.v1";
    private const int Length = 32;

    /// <summary>A new one, of 256 random bits, in the form that the provider takes.</summary>
    public static string Create(HookProvider provider) => provider == HookProvider.GitLab
        ? SigningPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))
        : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    public string Protect(Guid hookId, string secret) => For(hookId).Protect(secret);

    /// <summary>The secret, or null when it was encrypted with a key that is gone, for another webhook, or is damaged.</summary>
    public string? Unprotect(Guid hookId, string kept)
    {
        try
        {
            return For(hookId).Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector For(Guid hookId) => protection.CreateProtector(Purpose, hookId.ToString("N"));
}
