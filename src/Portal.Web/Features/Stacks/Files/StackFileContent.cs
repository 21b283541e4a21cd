using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Features.Stacks.Files;

/// <summary>What a file of a stack contains. The bytes are never changed.</summary>
public sealed record StackFileContent(byte[] Bytes, bool IsExecutable = false)
{
    private static readonly UTF8Encoding s_strict = new(false, true);
    private byte[]? _digest;

    /// <summary>SHA-256 of the bytes.</summary>
    public byte[] Digest => _digest ??= SHA256.HashData(Bytes);

    public static StackFileContent Of(string text) => new(s_strict.GetBytes(text));

    /// <summary>The bytes as text, or null when they are none: not UTF-8, or with a NUL.</summary>
    public string? ReadText()
    {
        var bytes = Bytes.AsSpan();
        if (bytes.Contains((byte)0))
        {
            return null;
        }

        try
        {
            return s_strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public bool Equals(StackFileContent? other) =>
        other is not null && IsExecutable == other.IsExecutable && Digest.AsSpan().SequenceEqual(other.Digest);

    public override int GetHashCode() => BitConverter.ToInt32(Digest);
}
