using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Portal.Contracts.Policies.Signing;

/// <summary>
/// Verifies Ed25519 signatures (RFC 8032, section 5.1.7), which .NET can't yet. Everything that it handles is public, so it may take its time
/// as the numbers make it, and signs nothing.
/// </summary>
internal static class Ed25519
{
    public const int KeySize = 32;
    private const int SignatureSize = 64;

    private static readonly BigInteger s_prime = (BigInteger.One << 255) - 19;
    private static readonly BigInteger s_order =
        (BigInteger.One << 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    private static readonly BigInteger s_d = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger s_rootOfMinusOne = BigInteger.ModPow(2, (s_prime - 1) / 4, s_prime);
    private static readonly Point s_base = BasePoint();

    /// <summary>Whether bytes are the encoding of a point, as a public key must be.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key) => key.Length == KeySize && Decode(key) is not null;

    /// <summary>Whether it is the signature of the message by the key.</summary>
    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize || key.Length != KeySize || Decode(key) is not { } point)
        {
            return false;
        }

        var encoded = signature[..KeySize];
        var scalar = new BigInteger(signature[KeySize..], isUnsigned: true);
        if (scalar >= s_order)
        {
            // The same signature in a second form would be accepted otherwise.
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(encoded);
        hash.AppendData(key);
        hash.AppendData(message);
        var challenge = new BigInteger(hash.GetHashAndReset(), isUnsigned: true) % s_order;

        // [S]B = R + [k]A, put so that R needs no decoding: what comes out must be its very bytes.
        var expected = Add(Multiply(s_base, scalar), Multiply(Negate(point), challenge));
        return Encode(expected).AsSpan().SequenceEqual(encoded);
    }

    private static Point BasePoint()
    {
        var y = Mod(4 * Inverse(5));
        return FromY(y, isOdd: false)!.Value;
    }

    private static Point? Decode(ReadOnlySpan<byte> encoded)
    {
        Span<byte> bytes = stackalloc byte[KeySize];
        encoded.CopyTo(bytes);
        var isOdd = (bytes[^1] & 0x80) != 0;
        bytes[^1] &= 0x7f;
        var y = new BigInteger(bytes, isUnsigned: true);
        return y < s_prime ? FromY(y, isOdd) : null;
    }

    // x^2 = (y^2 - 1) / (d y^2 + 1)
    private static Point? FromY(BigInteger y, bool isOdd)
    {
        var square = Mod(y * y);
        var wanted = Mod((square - 1) * Inverse(Mod((s_d * square) + 1)));
        var x = BigInteger.ModPow(wanted, (s_prime + 3) / 8, s_prime);
        if (Mod(x * x) != wanted)
        {
            x = Mod(x * s_rootOfMinusOne);
        }

        if (Mod(x * x) != wanted || (x.IsZero && isOdd))
        {
            return null;
        }

        x = x.IsEven == isOdd ? s_prime - x : x;
        return new Point(x, y, BigInteger.One, Mod(x * y));
    }

    private static byte[] Encode(Point point)
    {
        var inverse = Inverse(point.Z);
        var (x, y) = (Mod(point.X * inverse), Mod(point.Y * inverse));
        var bytes = new byte[KeySize];
        y.TryWriteBytes(bytes, out _, isUnsigned: true);
        bytes[^1] |= x.IsEven ? (byte)0 : (byte)0x80;
        return bytes;
    }

    private static Point Negate(Point point) => point with { X = Mod(-point.X), T = Mod(-point.T) };

    private static Point Multiply(Point point, BigInteger scalar)
    {
        var result = new Point(BigInteger.Zero, BigInteger.One, BigInteger.One, BigInteger.Zero);
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = Add(result, result);
            if (!((scalar >> bit) & 1).IsZero)
            {
                result = Add(result, point);
            }
        }

        return result;
    }

    // The complete addition of section 5.1.4: also right for a point and itself.
    private static Point Add(Point one, Point other)
    {
        var a = Mod((one.Y - one.X) * (other.Y - other.X));
        var b = Mod((one.Y + one.X) * (other.Y + other.X));
        var c = Mod(2 * one.T * s_d * other.T);
        var d = Mod(2 * one.Z * other.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, s_prime - 2, s_prime);

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % s_prime;
        return rest.Sign < 0 ? rest + s_prime : rest;
    }

    /// <summary>In extended coordinates (section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z.</summary>
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
