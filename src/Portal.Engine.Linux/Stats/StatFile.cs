using System.Globalization;
using System.Text;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Stats;

/// <summary>
/// Reads the kernel's small text files: one number, or a word and a number a line. What is not there or not a number
/// counts as 0.
/// </summary>
internal static class StatFile
{
    private const int BufferSize = 256 * 1024;

    [ThreadStatic]
    private static byte[]? s_buffer;

    /// <summary>The whole file, up to 256 KiB, which none of the kernel's is; null when it, or what it tells of, is gone.</summary>
    public static string? ReadText(string path)
    {
        var buffer = s_buffer ??= new byte[BufferSize];
        var length = KernelText.Read(path, buffer);
        return length < 0 ? null : Encoding.Latin1.GetString(buffer, 0, length);
    }

    /// <summary>The same as bytes, which are good until this thread reads the next file; none when it is gone.</summary>
    public static ReadOnlySpan<byte> ReadBytes(string path)
    {
        var buffer = s_buffer ??= new byte[BufferSize];
        var length = KernelText.Read(path, buffer);
        return buffer.AsSpan(0, Math.Max(length, 0));
    }

    /// <summary>The number after a word at the start of a line.</summary>
    public static long FindNumber(string text, string word)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > word.Length && line.StartsWith(word, StringComparison.Ordinal) && line[word.Length] is ' ' or ':')
            {
                var rest = line[(word.Length + 1)..].Trim();
                var end = rest.IndexOf(' ');
                return ParseNumber(end < 0 ? rest : rest[..end]) ?? 0;
            }
        }

        return 0;
    }

    public static long? ParseNumber(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        // Version 1 writes limits near 2^63 and beyond for "none".
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? long.MaxValue : null;
    }
}
