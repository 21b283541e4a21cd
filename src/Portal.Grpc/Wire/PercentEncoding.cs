using System.Text;

namespace Grpc.Wire;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8 with everything but printable ASCII, and '%', escaped.</summary>
internal static class PercentEncoding
{
    private const string Hex = "0123456789ABCDEF";

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                builder.Append((char)b);
            }
            else
            {
                builder.Append('%').Append(Hex[b >> 4]).Append(Hex[b & 15]);
            }
        }

        return builder.ToString();
    }

    /// <summary>Decodes leniently, as the protocol wants it: a broken escape stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var target = new byte[source.Length];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length
                && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                target[length++] = (byte)((FromHex(source[i + 1]) << 4) | FromHex(source[i + 2]));
                i += 2;
            }
            else
            {
                target[length++] = source[i];
            }
        }

        return Encoding.UTF8.GetString(target, 0, length);
    }

    private static int FromHex(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
