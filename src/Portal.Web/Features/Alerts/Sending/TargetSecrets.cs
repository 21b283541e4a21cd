using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>Encrypts settings of targets for the database; those of one target are no good for another.</summary>
internal sealed class TargetSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.AlertTargets.v1";

    public string Protect(Guid target, TargetSettings settings) => For(target).Protect(JsonSerializer.Serialize(settings));

    /// <exception cref="SendingException">The key is gone, or it is damaged.</exception>
    public TargetSettings Unprotect(Guid target, string settings)
    {
        try
        {
            return JsonSerializer.Deserialize<TargetSettings>(For(target).Unprotect(settings)) ?? throw new JsonException("Null.");
        }
        catch (Exception failure) when (failure is CryptographicException or JsonException)
        {
            throw new SendingException(N("The target's settings can't be decrypted. Enter them anew."), failure);
        }
    }

    private IDataProtector For(Guid target) => protection.CreateProtector(Purpose, target.ToString("N"));
}
