using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Encryption.Age;

/// <summary>
/// How a file of age begins (age-encryption.org/v1): for whom it is, in the clear, and a sum that only the key of the file makes.
/// </summary>
internal static class AgeHeader
{
    public const string Intro = "age-encryption.org/v1";
    public const int FileKeySize = 16;
    public const int TagSize = 16;
    public const int NonceSize = 12;
    public const int ChunkSize = 64 * 1024;
    public const int PayloadNonceSize = 16;

    /// <summary>Larger ones are none that this portal made, and none that it reads.</summary>
    public const int Longest = 64 * 1024;
    private const int MostStanzas = 64;
    private const int Column = 64;
    private const int MacSize = 32;

    /// <summary>With the line break behind it.</summary>
    public static byte[] Write(IEnumerable<AgeStanza> stanzas, byte[] fileKey)
    {
        var text = new StringBuilder(Intro).Append('\n');
        foreach (var stanza in stanzas)
        {
            text.Append("-> ").AppendJoin(' ', stanza.Arguments).Append('\n');
            var body = Encode(stanza.Body);
            for (var at = 0; at <= body.Length; at += Column)
            {
                // A full line is followed by one that is not, be it empty.
                text.Append(body.AsSpan(at, Math.Min(Column, body.Length - at))).Append('\n');
            }
        }

        text.Append("---");
        var mac = Mac(Encoding.ASCII.GetBytes(text.ToString()), fileKey);
        return Encoding.ASCII.GetBytes(text.Append(' ').Append(Encode(mac)).Append('\n').ToString());
    }

    /// <summary>The key of the file.</summary>
    /// <param name="header">All of it, with the line break behind it.</param>
    /// <param name="identity">Whose file it should be.</param>
    /// <exception cref="AgeException">It is no such header, is damaged, or is for somebody else.</exception>
    public static byte[] Open(ReadOnlySpan<byte> header, AgeIdentity identity)
    {
        if (header.ContainsAnyExceptInRange((byte)'\n', (byte)'~') || header.Length == 0 || header[^1] != (byte)'\n')
        {
            throw Damaged();
        }

        var lines = Encoding.ASCII.GetString(header[..^1]).Split('\n');
        if (lines[0] != Intro || lines.Length < 2 || !lines[^1].StartsWith("--- ", StringComparison.Ordinal)
            || Decode(lines[^1][4..]) is not { Length: MacSize } mac)
        {
            throw Damaged();
        }

        var stanzas = Stanzas(lines[1..^1]);
        var fileKey = stanzas.Select(identity.Unwrap).FirstOrDefault(key => key is not null)
            ?? throw new AgeException(N("It is not encrypted for this key."));
        var summed = header[..(header.Length - 1 - lines[^1].Length + 3)].ToArray();
        return CryptographicOperations.FixedTimeEquals(Mac(summed, fileKey), mac) ? fileKey : throw Damaged();
    }

    public static byte[] PayloadKey(byte[] fileKey, byte[] nonce) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, 32, nonce, "payload"u8.ToArray());

    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Null unless it is written as it is written here.</summary>
    public static byte[]? Decode(string text)
    {
        var padded = text + new string('=', (4 - (text.Length % 4)) % 4);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(padded, bytes, out var count) && Encode(bytes.AsSpan(0, count)) == text ? bytes[..count] : null;
    }

    private static List<AgeStanza> Stanzas(string[] lines)
    {
        var stanzas = new List<AgeStanza>();
        for (var at = 0; at < lines.Length;)
        {
            var arguments = lines[at].StartsWith("-> ", StringComparison.Ordinal) ? lines[at][3..].Split(' ') : throw Damaged();
            var body = new StringBuilder();
            string line;
            do
            {
                line = ++at < lines.Length ? lines[at] : throw Damaged();
                body.Append(line.Length <= Column ? line : throw Damaged());
            }
            while (line.Length == Column);
            at++;
            if (arguments.Contains("") || Decode(body.ToString()) is not { } bytes || stanzas.Count == MostStanzas)
            {
                throw Damaged();
            }

            stanzas.Add(new AgeStanza(arguments, bytes));
        }

        return stanzas;
    }

    private static byte[] Mac(byte[] header, byte[] fileKey) =>
        HMACSHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, 32, null, "header"u8.ToArray()), header);

    private static AgeException Damaged() => new(N("This is no file of age, or its head is damaged."));
}
