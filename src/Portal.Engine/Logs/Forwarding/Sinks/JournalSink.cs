using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>
/// systemd's journal over its native protocol: fields of one entry in one packet (systemd,
/// <c>JOURNAL_NATIVE_PROTOCOL</c>).
/// </summary>
internal sealed class JournalSink : ILogSink
{
    /// <summary>Where the journal listens.</summary>
    public const string DefaultPath = "/run/systemd/journal/socket";

    private const int Error = 3;
    private const int Information = 6;
    private const int LongestName = 64;
    private readonly byte[] _fixed;
    private readonly SinkConnection _connection;

    public JournalSink(LogOrigin origin, string path)
    {
        _connection = new SinkConnection(new SinkAddress("unixgram", path, 0));
        using var stream = new MemoryStream();
        Field(stream, "CONTAINER_ID", Encoding.UTF8.GetBytes(origin.ContainerId[..12]));
        Field(stream, "CONTAINER_ID_FULL", Encoding.UTF8.GetBytes(origin.ContainerId));
        Field(stream, "CONTAINER_NAME", Encoding.UTF8.GetBytes(origin.ContainerName));
        Field(stream, "CONTAINER_TAG", Encoding.UTF8.GetBytes(origin.Tag));
        Field(stream, "IMAGE_NAME", Encoding.UTF8.GetBytes(origin.ImageName));
        Field(stream, "SYSLOG_IDENTIFIER", Encoding.UTF8.GetBytes(origin.Tag));
        foreach (var (name, value) in origin.Attributes)
        {
            Field(stream, Name(name), Encoding.UTF8.GetBytes(value));
        }

        _fixed = stream.ToArray();
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    public Task SendAsync(LogMessage message, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        Field(stream, "MESSAGE", message.Line.Span);
        Field(stream, "PRIORITY", Number(message.Source == OutputSource.Stderr ? Error : Information));
        Field(stream, "SYSLOG_TIMESTAMP", Encoding.ASCII.GetBytes(message.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)));
        if (message.Partial)
        {
            Field(stream, "CONTAINER_PARTIAL_MESSAGE", "true"u8);
        }

        stream.Write(_fixed);
        return _connection.SendAsync(stream.ToArray(), cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static byte[] Number(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    // The binary form: name, newline, length in 64 bits, value. It holds any bytes.
    private static void Field(Stream stream, string name, ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, value.Length);
        stream.Write(Encoding.ASCII.GetBytes(name + "\n"));
        stream.Write(length);
        stream.Write(value);
        stream.WriteByte((byte)'\n');
    }

    // Upper-case letters, digits and underscores, no underscore or digit first: the journal drops other fields.
    private static string Name(string name)
    {
        var letters = name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_').Take(LongestName);
        var text = string.Concat(letters).TrimStart('_');
        return text.Length > 0 && char.IsAsciiLetter(text[0]) ? text : "X_" + text;
    }
}
