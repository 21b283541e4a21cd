using System.Text;

namespace Portal.Testing.Fuzzing;

/// <summary>Changes fields of headers and the order of blocks, and makes the checksums right again: a wrong one ends the reading at once.</summary>
internal static class TarMutation
{
    private const int Block = 512;

    // Offset and length of each field of a ustar header, and of GNU's sparse map.
    private static readonly (int Offset, int Length)[] s_fields =
    [
        (0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (329, 8), (337, 8), (345, 155),
        (386, 12), (398, 12), (482, 1), (483, 12),
    ];

    private static readonly string[] s_types = ["0", "1", "2", "3", "4", "5", "6", "7", "x", "g", "L", "K", "S", "V", "Z", "\0"];

    private static readonly string[] s_values =
    [
        "../evil", "/evil", "a/../../evil", ".wh.evil", ".wh..wh..opq", "l", "l/x", "", ".", "./", "d", "77777777777", "00000000000", "0000010",
        "99999999", "-1", "0000644", "ustar\0", "ustar  \0", "\u0080\u0000\u0000\u0000\u0000\u0000\u0000\u0001", "evil\0hidden", "é",
    ];

    public static byte[] Spoil(Random random, byte[] archive, IReadOnlyList<string> texts)
    {
        var blocks = archive.Chunk(Block).Select(block => block.Length == Block ? block : [.. block, .. new byte[Block - block.Length]]).ToList();
        for (var times = random.Next(1, 6); times > 0 && blocks.Count > 0; times--)
        {
            var at = random.Next(blocks.Count);
            switch (random.Next(8))
            {
                case 0:
                    blocks.RemoveAt(at);
                    break;
                case 1:
                    blocks.Insert(random.Next(blocks.Count), (byte[])blocks[at].Clone());
                    break;
                case 2:
                    (blocks[at], blocks[0]) = (blocks[0], blocks[at]);
                    break;
                case 3:
                    SpoilRecords(random, blocks[at], texts);
                    break;
                default:
                    SpoilField(random, FindHeader(random, blocks), texts);
                    break;
            }
        }

        blocks.ForEach(FixChecksum);
        return [.. blocks.SelectMany(block => block)];
    }

    private static bool IsHeader(byte[] block) => block.AsSpan(257, 5).SequenceEqual("ustar"u8);

    private static byte[] FindHeader(Random random, List<byte[]> blocks)
    {
        var headers = blocks.Where(IsHeader).ToList();
        return headers.Count == 0 ? blocks[random.Next(blocks.Count)] : headers[random.Next(headers.Count)];
    }

    private static void SpoilField(Random random, byte[] header, IReadOnlyList<string> texts)
    {
        var (offset, length) = s_fields[random.Next(s_fields.Length)];
        var value = length == 1 ? s_types[random.Next(s_types.Length)]
            : random.Next(4) == 0 ? texts[random.Next(texts.Count)]
            : s_values[random.Next(s_values.Length)];
        var field = header.AsSpan(offset, length);
        if (random.Next(6) == 0)
        {
            random.NextBytes(field);
            return;
        }

        field.Clear();
        var bytes = Encoding.Latin1.GetBytes(value);
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(field);
    }

    /// <summary>Digits and equals signs carry the structure of extended headers.</summary>
    private static void SpoilRecords(Random random, byte[] block, IReadOnlyList<string> texts)
    {
        var places = Enumerable.Range(0, Block).Where(i => block[i] is (>= (byte)'0' and <= (byte)'9') or (byte)'=' or (byte)'\n').ToList();
        if (places.Count > 0)
        {
            var text = Encoding.UTF8.GetBytes(texts[random.Next(texts.Count)] + random.Next(1000));
            var at = places[random.Next(places.Count)];
            text.AsSpan(0, Math.Min(text.Length, Block - at)).CopyTo(block.AsSpan(at));
        }
    }

    private static void FixChecksum(byte[] block)
    {
        if (IsHeader(block))
        {
            Encoding.ASCII.GetBytes("        ").CopyTo(block, 148);
            var sum = block.Sum(value => (int)value);
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        }
    }
}
