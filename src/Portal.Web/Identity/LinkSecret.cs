using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Identity;

/// <summary>A secret that is handed out once and kept as its hash: it is random enough that a plain one is as good as a slow one.</summary>
internal static class LinkSecret
{
    // Without letters and digits that are taken for one another, since it may be typed.
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int Length = 32;

    public static string Make() => RandomNumberGenerator.GetString(Letters, Length);

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether it could be one at all: bounds what is hashed and looked up.</summary>
    public static bool IsPlausible(string? secret) => secret?.Length == Length && secret.All(char.IsAsciiLetterOrDigit);
}
