using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Portal.Web.Tests.Support;

/// <summary>
/// What a phone does with a key (RFC 6238 over HMAC-SHA1, six digits, 30 s): written anew, so that the portal is not tested by itself.
/// </summary>
public static class AuthenticatorApp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="key">In base32, spaces allowed.</param>
    /// <param name="steps">Which code: of now, or of so many times 30 s later.</param>
    public static string CodeOf(string key, int steps = 0)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + steps);
#pragma warning disable CA5350 // The standard's: apps know no other.
        var hash = HMACSHA1.HashData(Decode(key), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new List<byte>();
        var bits = 0;
        var buffer = 0;
        foreach (var letter in key.Where(letter => letter != ' '))
        {
            buffer = (buffer << 5) | Alphabet.IndexOf(letter, StringComparison.OrdinalIgnoreCase);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }
}
