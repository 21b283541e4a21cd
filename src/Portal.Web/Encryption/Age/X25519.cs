using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Web.Encryption.Age;

/// <summary>Diffie-Hellman on Curve25519 (RFC 7748), which .NET does not have yet. No branch and no index depends on a secret.</summary>
internal static class X25519
{
    public const int Size = 32;
    private const ulong Coefficient = 121665;

    /// <summary>The public key of a private one.</summary>
    public static byte[] PublicOf(ReadOnlySpan<byte> secret)
    {
        Span<byte> basePoint = stackalloc byte[Size];
        basePoint.Clear();
        basePoint[0] = 9;
        return Multiply(secret, basePoint);
    }

    /// <summary>What both sides come to. All zeros where the other's key is one that no honest side has: the caller refuses it.</summary>
    public static byte[] Multiply(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> point)
    {
        Span<byte> scalar = stackalloc byte[Size];
        secret.CopyTo(scalar);
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);

        var x1 = FieldElement.Read(point);
        var (x2, z2, x3, z3) = (FieldElement.One, FieldElement.Zero, x1, FieldElement.One);
        var swap = 0UL;
        for (var bit = 254; bit >= 0; bit--)
        {
            var now = (ulong)((scalar[bit >> 3] >> (bit & 7)) & 1);
            FieldElement.Swap(swap ^ now, ref x2, ref x3);
            FieldElement.Swap(swap ^ now, ref z2, ref z3);
            swap = now;

            var (a, b) = (x2 + z2, x2 - z2);
            var (aa, bb) = (a * a, b * b);
            var e = aa - bb;
            var (da, cb) = ((x3 - z3) * a, (x3 + z3) * b);
            var (sum, difference) = (da + cb, da - cb);
            x3 = sum * sum;
            z3 = x1 * (difference * difference);
            x2 = aa * bb;
            z2 = e * (aa + (e * Coefficient));
        }

        FieldElement.Swap(swap, ref x2, ref x3);
        FieldElement.Swap(swap, ref z2, ref z3);
        CryptographicOperations.ZeroMemory(scalar);
        return (x2 * z2.Invert()).ToBytes();
    }

    /// <summary>A number modulo 2^255 - 19, in five limbs of 51 bits and a little.</summary>
    private readonly struct FieldElement(ulong a, ulong b, ulong c, ulong d, ulong e)
    {
        private const ulong Mask = (1UL << 51) - 1;
        private readonly ulong _a = a;
        private readonly ulong _b = b;
        private readonly ulong _c = c;
        private readonly ulong _d = d;
        private readonly ulong _e = e;

        public static FieldElement Zero => default;

        public static FieldElement One => new(1, 0, 0, 0, 0);

        public static FieldElement operator +(FieldElement x, FieldElement y) =>
            Carried(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d, x._e + y._e);

        // Twice the modulus is added, so that nothing goes below zero.
        public static FieldElement operator -(FieldElement x, FieldElement y) => Carried(
            x._a + 0xFFFFFFFFFFFDA - y._a, x._b + 0xFFFFFFFFFFFFE - y._b, x._c + 0xFFFFFFFFFFFFE - y._c, x._d + 0xFFFFFFFFFFFFE - y._d,
            x._e + 0xFFFFFFFFFFFFE - y._e);

        public static FieldElement operator *(FieldElement x, ulong factor) => Carried(
            (UInt128)x._a * factor, (UInt128)x._b * factor, (UInt128)x._c * factor, (UInt128)x._d * factor, (UInt128)x._e * factor);

        public static FieldElement operator *(FieldElement x, FieldElement y)
        {
            // What goes over 2^255 comes back 19-fold.
            var (b19, c19, d19, e19) = (y._b * 19, y._c * 19, y._d * 19, y._e * 19);
            return Carried(
                Product(x._a, y._a) + Product(x._b, e19) + Product(x._c, d19) + Product(x._d, c19) + Product(x._e, b19),
                Product(x._a, y._b) + Product(x._b, y._a) + Product(x._c, e19) + Product(x._d, d19) + Product(x._e, c19),
                Product(x._a, y._c) + Product(x._b, y._b) + Product(x._c, y._a) + Product(x._d, e19) + Product(x._e, d19),
                Product(x._a, y._d) + Product(x._b, y._c) + Product(x._c, y._b) + Product(x._d, y._a) + Product(x._e, e19),
                Product(x._a, y._e) + Product(x._b, y._d) + Product(x._c, y._c) + Product(x._d, y._b) + Product(x._e, y._a));
        }

        public static FieldElement Read(ReadOnlySpan<byte> bytes)
        {
            var (first, second) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            var third = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
            var fourth = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);

            // The highest bit is not part of it.
            return new FieldElement(
                first & Mask, ((first >> 51) | (second << 13)) & Mask, ((second >> 38) | (third << 26)) & Mask,
                ((third >> 25) | (fourth << 39)) & Mask, (fourth >> 12) & Mask);
        }

        public static void Swap(ulong isSwapped, ref FieldElement x, ref FieldElement y)
        {
            var mask = 0 - isSwapped;
            var (a, b, c, d, e) =
                (mask & (x._a ^ y._a), mask & (x._b ^ y._b), mask & (x._c ^ y._c), mask & (x._d ^ y._d), mask & (x._e ^ y._e));
            x = new FieldElement(x._a ^ a, x._b ^ b, x._c ^ c, x._d ^ d, x._e ^ e);
            y = new FieldElement(y._a ^ a, y._b ^ b, y._c ^ c, y._d ^ d, y._e ^ e);
        }

        // To the power of 2^255 - 21, whose bits are all set but two.
        public FieldElement Invert()
        {
            var result = One;
            for (var bit = 254; bit >= 0; bit--)
            {
                result *= result;
                result = bit is 2 or 4 ? result : result * this;
            }

            return result;
        }

        public byte[] ToBytes()
        {
            var x = Carried(_a, _b, _c, _d, _e);

            // Whether it is the modulus or more: then that is taken away, by adding 19 and dropping what is above.
            var over = (x._a + 19) >> 51;
            over = (x._b + over) >> 51;
            over = (x._c + over) >> 51;
            over = (x._d + over) >> 51;
            over = (x._e + over) >> 51;
            var a = x._a + (19 * over);
            var b = x._b + (a >> 51);
            var c = x._c + (b >> 51);
            var d = x._d + (c >> 51);
            var e = (x._e + (d >> 51)) & Mask;
            (a, b, c, d) = (a & Mask, b & Mask, c & Mask, d & Mask);

            var bytes = new byte[Size];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, a | (b << 51));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), (b >> 13) | (c << 38));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), (c >> 26) | (d << 25));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), (d >> 39) | (e << 12));
            return bytes;
        }

        private static UInt128 Product(ulong x, ulong y) => (UInt128)x * y;

        private static FieldElement Carried(UInt128 a, UInt128 b, UInt128 c, UInt128 d, UInt128 e)
        {
            b += (ulong)(a >> 51);
            c += (ulong)(b >> 51);
            d += (ulong)(c >> 51);
            e += (ulong)(d >> 51);
            var low = ((ulong)a & Mask) + (19 * (ulong)(e >> 51));
            return new FieldElement(
                low & Mask, ((ulong)b & Mask) + (low >> 51), (ulong)c & Mask, (ulong)d & Mask, (ulong)e & Mask);
        }

        private static FieldElement Carried(ulong a, ulong b, ulong c, ulong d, ulong e)
        {
            b += a >> 51;
            c += b >> 51;
            d += c >> 51;
            e += d >> 51;
            var low = (a & Mask) + (19 * (e >> 51));
            return new FieldElement(low & Mask, (b & Mask) + (low >> 51), c & Mask, d & Mask, e & Mask);
        }
    }
}
