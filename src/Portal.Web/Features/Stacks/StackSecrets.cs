using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Web.Features.Stacks;

/// <summary>Encrypts the values of stacks for the database. What was encrypted for one stack is no good for another.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.Stacks.v1";

    public string Protect(Guid stackId, IReadOnlyDictionary<string, string> values) => values.Count == 0
        ? ""
        : Convert.ToBase64String(For(stackId).Protect(JsonSerializer.SerializeToUtf8Bytes(values)));

    /// <exception cref="StackException">They were encrypted with a key that is gone, for another stack, or are damaged.</exception>
    public Dictionary<string, string> Unprotect(Guid stackId, string secret)
    {
        if (secret.Length == 0)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(For(stackId).Unprotect(Convert.FromBase64String(secret))) ?? [];
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or JsonException)
        {
            throw new StackException(N("The stack's values can't be decrypted. Enter all of them anew."), failure);
        }
    }

    private IDataProtector For(Guid stackId) => protection.CreateProtector(Purpose, stackId.ToString("N"));
}
