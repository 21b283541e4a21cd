using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Portal.Testing.Signing;

/// <summary>What scrypt (RFC 7914) and NaCl's secretbox need, for key files of tests: not made for secrets.</summary>
internal static class Salsa20
{
    private static readonly uint[] s_sigma = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

    /// <summary>scrypt with a block size of 8 and no parallelization.</summary>
    public static byte[] Scrypt(byte[] password, byte[] salt, int cost, int length)
    {
        const int Words = 2 * 8 * 16;
        var bytes = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, Words * 4);
        var block = Read(bytes);
        var all = new uint[cost][];
        for (var step = 0; step < cost; step++)
        {
            all[step] = block;
            block = Mix(block);
        }

        for (var step = 0; step < cost; step++)
        {
            var other = all[block[Words - 16] & (uint)(cost - 1)];
            block = Mix([.. block.Zip(other, (one, two) => one ^ two)]);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, Write(block), 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>NaCl's <c>crypto_secretbox</c>: XSalsa20 and Poly1305.</summary>
    public static byte[] Seal(byte[] message, byte[] nonce, byte[] key)
    {
        var first = Rounds(State(Read(key), Read(nonce[..16])), 20);
        uint[] subkey = [first[0], first[5], first[10], first[15], first[6], first[7], first[8], first[9]];
        var tail = Read(nonce[16..]);
        var stream = new List<byte>();
        for (var block = 0u; stream.Count < message.Length + 32; block++)
        {
            stream.AddRange(Write(Hash(State(subkey, [tail[0], tail[1], block, 0]), 20)));
        }

        var sealedBytes = message.Select((one, place) => (byte)(one ^ stream[place + 32])).ToArray();
        return [.. Authenticate(sealedBytes, [.. stream.Take(32)]), .. sealedBytes];
    }

    // Poly1305 (RFC 8439, section 2.5).
    private static byte[] Authenticate(byte[] message, byte[] key)
    {
        var prime = (BigInteger.One << 130) - 5;
        var mask = BigInteger.Parse("00ffffffc0ffffffc0ffffffc0fffffff", System.Globalization.NumberStyles.HexNumber, null);
        var r = new BigInteger(key.AsSpan(0, 16), isUnsigned: true) & mask;
        var sum = BigInteger.Zero;
        foreach (var part in message.Chunk(16))
        {
            sum = (sum + new BigInteger([.. part, 1], isUnsigned: true)) * r % prime;
        }

        sum += new BigInteger(key.AsSpan(16), isUnsigned: true);
        var tag = new byte[17 + 1];
        sum.TryWriteBytes(tag, out _, isUnsigned: true);
        return tag[..16];
    }

    private static uint[] State(uint[] key, uint[] input) =>
        [s_sigma[0], .. key[..4], s_sigma[1], .. input, s_sigma[2], .. key[4..], s_sigma[3]];

    private static uint[] Mix(uint[] block)
    {
        var last = block[^16..];
        var (even, odd) = (new List<uint>(), new List<uint>());
        for (var place = 0; place < block.Length; place += 16)
        {
            last = Hash([.. last.Zip(block[place..(place + 16)], (one, two) => one ^ two)], 8);
            (place % 32 == 0 ? even : odd).AddRange(last);
        }

        return [.. even, .. odd];
    }

    private static uint[] Hash(uint[] state, int rounds) => [.. Rounds(state, rounds).Zip(state, (one, two) => one + two)];

    private static uint[] Rounds(uint[] state, int rounds)
    {
        var x = (uint[])state.Clone();
        for (var round = 0; round < rounds; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        return x;
    }

    private static void Quarter(uint[] x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }

    private static uint[] Read(byte[] bytes) => [.. bytes.Chunk(4).Select(part => BinaryPrimitives.ReadUInt32LittleEndian(part))];

    private static byte[] Write(uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var place = 0; place < words.Length; place++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(place * 4), words[place]);
        }

        return bytes;
    }
}
