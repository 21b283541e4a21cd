using System.Buffers.Text;

namespace Portal.Engine.Linux.Stats;

/// <summary>Takes numbers out of the kernel's small text files as they were read, without a string for each.</summary>
internal static class CounterText
{
    /// <summary>A file that holds one number; null when it is empty, or says <c>max</c>.</summary>
    public static long? Number(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \n"u8);
        if (Utf8Parser.TryParse(text, out ulong number, out var used) && used == text.Length)
        {
            // Version 1 writes limits near 2^63 and beyond for "none".
            return number > long.MaxValue ? long.MaxValue : (long)number;
        }

        return null;
    }

    /// <summary>The number after a word and a space at the start of a line; 0 when there is none.</summary>
    public static long Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.Length > word.Length && line[word.Length] == (byte)' ' && line.StartsWith(word))
            {
                return Number(line[(word.Length + 1)..]) ?? 0;
            }
        }

        return 0;
    }
}
