using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Encrypts tokens of Git hosts for the database: each is good for its stack and its server alone.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class CommitTokens(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.CommitReporters.v1";

    public string Protect(Guid stackId, string baseUrl, string token) =>
        Convert.ToBase64String(For(stackId, baseUrl).Protect(Encoding.UTF8.GetBytes(token)));

    /// <exception cref="StackException">It was encrypted with a key that is gone, for another stack or server, or is damaged.</exception>
    public string Unprotect(Guid stackId, string baseUrl, string kept)
    {
        try
        {
            return Encoding.UTF8.GetString(For(stackId, baseUrl).Unprotect(Convert.FromBase64String(kept)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            throw new StackException(N("The token of the Git host can't be decrypted. Enter it anew."), failure);
        }
    }

    public static string ServerOf(string baseUrl) => new Uri(baseUrl).GetLeftPart(UriPartial.Authority).ToLowerInvariant();

    private IDataProtector For(Guid stackId, string baseUrl) =>
        protection.CreateProtector(Purpose, stackId.ToString("N"), ServerOf(baseUrl));
}
