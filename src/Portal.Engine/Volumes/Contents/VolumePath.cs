using System.Globalization;
using System.Text;
using Portal.Engine.Errors;

namespace Portal.Engine.Volumes.Contents;

/// <summary>
/// A path in a volume. Names on Linux are bytes: those that are not UTF-8 are written as <c>\xNN</c>, and a backslash that would read as
/// such as <c>\x5c</c>, so that every name has exactly one text and every text one name.
/// </summary>
/// <remarks>It has no <c>..</c>: where a path leads is the text's to say, not that of the links on its way.</remarks>
public sealed class VolumePath
{
    private const int MaxNameBytes = 255;
    private const int MaxBytes = 4095;

    private VolumePath(string text, IReadOnlyList<byte[]> names)
    {
        Text = text;
        Names = names;
    }

    /// <summary>As it was given, for messages.</summary>
    public string Text { get; }

    /// <summary>From the volume's root on; empty for the root itself.</summary>
    public IReadOnlyList<byte[]> Names { get; }

    /// <summary>Reads a path, with or without slashes around it.</summary>
    /// <exception cref="EngineException">InvalidArgument: <c>..</c>, a NUL, or too long.</exception>
    public static VolumePath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var names = new List<byte[]>();
        var length = 0;
        foreach (var part in path.Split('/'))
        {
            var name = Decode(part);
            if (part is "" or ".")
            {
                continue;
            }

            if (name.AsSpan().SequenceEqual("."u8) || name.AsSpan().SequenceEqual(".."u8) || name.AsSpan().IndexOfAny((byte)0, (byte)'/') >= 0)
            {
                throw EngineException.InvalidArgument($"The path '{path}' holds '..', or a byte that no name has. Give it without them.");
            }

            length += name.Length + 1;
            if (name.Length > MaxNameBytes || length > MaxBytes)
            {
                throw EngineException.InvalidArgument(
                    $"The path has a name of over {MaxNameBytes} bytes, or is over {MaxBytes} bytes long as a whole.");
            }

            names.Add(name);
        }

        return new VolumePath(path, names);
    }

    /// <summary>A name's text.</summary>
    public static string Encode(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(name, out var rune, out var used) == System.Buffers.OperationStatus.Done;
            if (isText && !(name[0] == '\\' && IsEscape(name)))
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = isText ? 1 : used;
                foreach (var unit in name[..used])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{unit:x2}");
                }
            }

            name = name[used..];
        }

        return text.ToString();
    }

    private static byte[] Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var plain = Encoding.UTF8.GetBytes(text);
        var name = new List<byte>(plain.Length);
        for (var at = 0; at < plain.Length; at++)
        {
            if (plain[at] == '\\' && IsEscape(plain.AsSpan(at)))
            {
                name.Add(byte.Parse(plain.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 3;
            }
            else
            {
                name.Add(plain[at]);
            }
        }

        return [.. name];
    }

    private static bool IsEscape(ReadOnlySpan<byte> text)
    {
        return text.Length >= 4 && text[1] == 'x' && char.IsAsciiHexDigit((char)text[2]) && char.IsAsciiHexDigit((char)text[3]);
    }
}
