using System.Text;

namespace Portal.Agent.Telemetry;

/// <summary>
/// Bounds what people wrote. The portal ends a connection that sends a message over its limit of 16 MiB, and the same message would be
/// sent again on the next connection, for ever: one container with large labels would keep its node offline.
/// </summary>
internal static class TelemetryBounds
{
    /// <summary>Characters for the texts of one event; five hundred go into a message.</summary>
    public const int Event = 4096;

    // A character takes up to six bytes in JSON. Half of the message is for what is not counted here.
    private const int Message = 8 * 1024 * 1024 / 6;
    private const int MostForContainer = 8192;

    /// <summary>Characters for the texts of one of so many containers in a message.</summary>
    public static int Container(int count) => Math.Clamp(Message / Math.Max(count, 1), 64, MostForContainer);

    /// <summary>The beginning of a text; never half a character.</summary>
    public static string Text(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end];
    }

    /// <summary>Joins words with blanks, no more of them than fit.</summary>
    public static string Join(IReadOnlyList<string> words, int length)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            if (text.Length > length)
            {
                break;
            }

            text.Append(text.Length > 0 ? " " : "").Append(Text(word, length));
        }

        return Text(text.ToString(), length);
    }

    /// <summary>As many of the pairs as fit, the shortest first: a large label must not push out what the engine itself says.</summary>
    public static IReadOnlyDictionary<string, string> Pairs(IReadOnlyDictionary<string, string> pairs, int length)
    {
        if (pairs.Sum(pair => (long)pair.Key.Length + pair.Value.Length) <= length)
        {
            return pairs;
        }

        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs.OrderBy(pair => (long)pair.Key.Length + pair.Value.Length))
        {
            length -= key.Length + value.Length;
            if (length < 0)
            {
                break;
            }

            kept[key] = value;
        }

        return kept;
    }
}
