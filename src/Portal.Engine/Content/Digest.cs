using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Errors;

namespace Portal.Engine.Content;

/// <summary>A SHA-256 digest as the image formats write it: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
internal readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex)
    {
        _hex = hex;
    }

    /// <summary>64 lower-case hexadecimal digits: safe as a file name.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("This digest was never set.");

    /// <summary>The first 12 digits, for people.</summary>
    public string Short => Hex[..12];

    public static Digest Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    public static Digest FromHash(byte[] hash) => new(Convert.ToHexStringLower(hash));

    public static bool TryParse(string? text, out Digest digest)
    {
        digest = default;
        if (text is null || text.Length != Prefix.Length + 64 || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef"))
        {
            return false;
        }

        digest = new Digest(text[Prefix.Length..]);
        return true;
    }

    /// <exception cref="EngineException">InvalidArgument: no SHA-256 digest.</exception>
    public static Digest Parse(string? text, string what)
    {
        return TryParse(text, out var digest)
            ? digest
            : throw EngineException.InvalidArgument($"The digest of {what} is malformed or not SHA-256, the only kind that is supported.");
    }

    /// <summary>The chain id of a layer on top of another (image-spec, <c>config.md</c>, "Layer ChainID").</summary>
    public static Digest Chain(Digest? parent, Digest diffId)
    {
        return parent is { } below ? Of(Encoding.ASCII.GetBytes($"{below} {diffId}")) : diffId;
    }

    public override string ToString() => Prefix + Hex;
}
