using System.Text;

namespace Portal.Testing.Fuzzing;

/// <summary>Spoils inputs: bytes, texts, JSON and tar archives, at places where their parsers look. One an input.</summary>
public sealed class Mutator(int seed)
{
    private static readonly byte[] s_bytes = [0, 1, 0x7F, 0x80, 0xFF, (byte)'/', (byte)'.', (byte)'"', (byte)'\\', (byte)'\n', (byte)' ', (byte)'-'];

    private static readonly string[] s_texts =
    [
        "", "/", "..", "../..", ":", "@", "sha256:", "\0", "\"", "\\", "%2e%2e", "%", "-1", "0", "18446744073709551616", "1e999", "NaN",
        "\u202e", "é", "\ud83d\ude00", "\r\n", "${x}", "=", ",", "null", "[]", "{}", "A", "_", "__", "-", "localhost", "[::1]",
    ];

    /// <summary>Where all chance comes from.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>The input that was made last, for the message of a failure.</summary>
    public byte[] Last { get; private set; } = [];

    /// <summary>One of the inputs, spoiled in one to eight places.</summary>
    public byte[] Bytes(params byte[][] corpus)
    {
        var bytes = Pick(corpus).ToList();
        for (var times = Random.Next(1, 9); times > 0; times--)
        {
            SpoilBytes(bytes, corpus);
        }

        return Last = [.. bytes];
    }

    /// <summary>One of the texts, spoiled in one to five places. It holds no lone surrogates.</summary>
    public string Text(params string[] corpus)
    {
        var text = new StringBuilder(Pick(corpus));
        for (var times = Random.Next(1, 6); times > 0; times--)
        {
            SpoilText(text, corpus);
        }

        Last = Encoding.UTF8.GetBytes(text.ToString());
        return Encoding.UTF8.GetString(Last);
    }

    /// <summary>One of the documents, spoiled as JSON and sometimes as bytes too.</summary>
    public byte[] Json(params string[] corpus)
    {
        var document = JsonMutation.Spoil(Random, Pick(corpus), s_texts);
        Last = Encoding.UTF8.GetBytes(document);
        return Random.Next(4) == 0 ? Bytes(Last) : Last;
    }

    /// <summary>One of the archives, spoiled in its headers with right checksums, and sometimes as bytes too.</summary>
    public byte[] Tar(params byte[][] corpus)
    {
        Last = TarMutation.Spoil(Random, Pick(corpus), s_texts);
        return Random.Next(5) == 0 ? Bytes(Last) : Last;
    }

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    private void SpoilBytes(List<byte> bytes, byte[][] corpus)
    {
        var at = Random.Next(bytes.Count + 1);
        var length = Math.Min(Random.Next(1, 1 + (1 << Random.Next(10))), bytes.Count - at);
        switch (Random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Pick(s_bytes);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(s_texts)));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                var other = Pick(corpus);
                var from = Random.Next(other.Length + 1);
                bytes.InsertRange(at, other.Skip(from).Take(Random.Next(600)));
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat(Pick(s_bytes), Random.Next(1, 300)));
                break;
        }
    }

    private void SpoilText(StringBuilder text, string[] corpus)
    {
        var at = Random.Next(text.Length + 1);
        var length = Math.Min(Random.Next(1, 9), text.Length - at);
        switch (Random.Next(6))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(at, text.ToString(at, length));
                break;
            case 2:
                text.Insert(at, (char)Random.Next(1, 128));
                break;
            case 3:
                text.Insert(at, Pick(corpus));
                break;
            case 4:
                text.Insert(at, new string(Pick(["a", ".", "/", "-", "_", "0", "A"])[0], Random.Next(1, 300)));
                break;
            default:
                text.Insert(at, Pick(s_texts));
                break;
        }
    }
}
