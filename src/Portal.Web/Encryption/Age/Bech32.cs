namespace Portal.Web.Encryption.Age;

/// <summary>Bytes as text with a checksum (BIP 173, without its limit on length), as keys of age are written.</summary>
internal static class Bech32
{
    private const string Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumSize = 6;
    private static readonly uint[] s_generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>In lower case.</summary>
    public static string Write(string prefix, ReadOnlySpan<byte> bytes)
    {
        var values = Regroup(bytes.ToArray(), 8, 5, pads: true)!;
        var checksum = Checksum([.. Spread(prefix), .. values, .. new byte[ChecksumSize]]) ^ 1;
        var tail = Enumerable.Range(0, ChecksumSize).Select(i => (byte)((checksum >> (5 * (5 - i))) & 31));
        return $"{prefix}1{string.Concat(values.Concat(tail).Select(value => Letters[value]))}";
    }

    /// <summary>The bytes; null when the text is not right to the last letter.</summary>
    public static byte[]? Read(string prefix, string text)
    {
        if (text != text.ToLowerInvariant() && text != text.ToUpperInvariant())
        {
            return null;
        }

        var lower = text.ToLowerInvariant();
        var values = lower.Skip(prefix.Length + 1).Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal)).ToList();
        if (!lower.StartsWith(prefix + "1", StringComparison.Ordinal) || values.Count < ChecksumSize || values.Contains(-1))
        {
            return null;
        }

        byte[] data = [.. values.Select(value => (byte)value)];
        return Checksum([.. Spread(prefix), .. data]) == 1 ? Regroup(data[..^ChecksumSize], 5, 8, pads: false) : null;
    }

    private static byte[] Spread(string prefix) =>
        [.. prefix.Select(letter => (byte)(letter >> 5)), 0, .. prefix.Select(letter => (byte)(letter & 31))];

    private static uint Checksum(byte[] values)
    {
        var checksum = 1u;
        foreach (var value in values)
        {
            var top = checksum >> 25;
            checksum = ((checksum & 0x1ffffff) << 5) ^ value;
            for (var bit = 0; bit < s_generator.Length; bit++)
            {
                checksum ^= ((top >> bit) & 1) == 1 ? s_generator[bit] : 0;
            }
        }

        return checksum;
    }

    private static byte[]? Regroup(byte[] data, int from, int to, bool pads)
    {
        var (held, bits, mask) = (0u, 0, (1u << to) - 1);
        var result = new List<byte>();
        foreach (var value in data)
        {
            held = (held << from) | value;
            bits += from;
            while (bits >= to)
            {
                bits -= to;
                result.Add((byte)((held >> bits) & mask));
            }

            held &= (1u << bits) - 1;
        }

        if (pads && bits > 0)
        {
            result.Add((byte)((held << (to - bits)) & mask));
        }

        return pads || (bits < from && held == 0) ? [.. result] : null;
    }
}
