using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// A token as its holder has it: <c>portal_</c>, 40 letters and digits that are random (238 bits), and 6 that are a checksum over them.
/// The beginning lets people and scanners of repositories tell what it is; the checksum, that it is whole, without asking anybody.
/// </summary>
internal static class ApiTokenText
{
    public const string Beginning = "portal_";

    /// <summary>How much of it is kept to recognise it by: 4 random characters of 40.</summary>
    public const int ShownLength = 11;

    private const int RandomLength = 40;
    private const int ChecksumLength = 6;
    private const int Length = 7 + RandomLength + ChecksumLength;
    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Create()
    {
        var random = RandomNumberGenerator.GetString(Characters, RandomLength);
        return Beginning + random + ChecksumOf(random);
    }

    /// <summary>True for what <see cref="Create"/> can have made.</summary>
    public static bool IsWhole(string text) =>
        text.Length == Length
        && text.StartsWith(Beginning, StringComparison.Ordinal)
        && text[^ChecksumLength..] == ChecksumOf(text[Beginning.Length..^ChecksumLength]);

    /// <summary>
    /// What is kept of it. A plain hash: it is as random as a key, so there is nothing to guess that a slow hash would slow down.
    /// </summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    // The first 32 bits of the hash, in base 62.
    private static string ChecksumOf(string random)
    {
        var rest = BinaryPrimitives.ReadUInt32BigEndian(HashOf(random));
        var digits = new char[ChecksumLength];
        for (var at = ChecksumLength - 1; at >= 0; at--)
        {
            digits[at] = Characters[(int)(rest % 62)];
            rest /= 62;
        }

        return new string(digits);
    }
}
