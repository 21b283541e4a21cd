using System.Globalization;

namespace Portal.Engine.Linux.Stats;

/// <summary>
/// Reads the kernel's small text files: one number, or a word and a number a line. What is not there or not a number
/// counts as 0.
/// </summary>
internal static class StatFile
{
    /// <summary>The whole file; null when it, or what it tells of, is gone.</summary>
    public static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // Includes ENODEV and ESRCH: cgroup or process ended between open and read.
            return null;
        }
    }

    /// <summary>A file that holds one number; null when it is not there, or says <c>max</c>.</summary>
    public static long? ReadNumber(string path) => ReadText(path) is { } text ? ParseNumber(text.AsSpan().Trim()) : null;

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
