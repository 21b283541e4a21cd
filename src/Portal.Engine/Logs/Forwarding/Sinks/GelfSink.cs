using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Logs.Forwarding.Options;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>Graylog's GELF 1.1 over UDP, compressed and in chunks, or over TCP, each message ended by a zero.</summary>
internal sealed class GelfSink : ILogSink
{
    // As Docker's: it fits an Ethernet frame.
    private const int ChunkSize = 1420;
    private const int ChunkHead = 12;
    private const int MostChunks = 128;
    private const int Error = 3;
    private const int Information = 6;
    private readonly LogOrigin _origin;
    private readonly GelfOptions _options;
    private readonly SinkConnection _connection;

    public GelfSink(LogOrigin origin, GelfOptions options)
    {
        _origin = origin;
        _options = options;
        _connection = new SinkConnection(options.Address);
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    public async Task SendAsync(LogMessage message, CancellationToken cancellationToken)
    {
        var json = Write(message);
        if (!_options.Address.IsDatagram)
        {
            await _connection.SendAsync((byte[])[.. json, 0], cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var packet in Chunks(Compress(json)))
        {
            await _connection.SendAsync(packet, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private byte[] Write(LogMessage message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.1");
            writer.WriteString("host", _origin.Hostname);

            // Receivers refuse an empty one.
            writer.WriteString("short_message", message.Line.IsEmpty ? "-" : Encoding.UTF8.GetString(message.Line.Span));
            writer.WriteNumber("timestamp", decimal.Round((message.Time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10_000_000m, 6));
            writer.WriteNumber("level", message.Source == OutputSource.Stderr ? Error : Information);
            writer.WriteString("_container_id", _origin.ContainerId);
            writer.WriteString("_container_name", _origin.ContainerName);
            writer.WriteString("_image_id", _origin.ImageId);
            writer.WriteString("_image_name", _origin.ImageName);
            writer.WriteString("_command", _origin.Command);
            writer.WriteString("_tag", _origin.Tag);
            writer.WriteString("_created", _origin.Created.UtcDateTime);
            foreach (var (name, value) in _origin.Attributes)
            {
                writer.WriteString(name.StartsWith('_') ? name : "_" + name, value);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private byte[] Compress(byte[] json)
    {
        if (_options.Compression == "none")
        {
            return json;
        }

        using var target = new MemoryStream();
        var how = new ZLibCompressionOptions { CompressionLevel = _options.Level };
        using (Stream stream = _options.Compression == "zlib"
            ? new ZLibStream(target, how, leaveOpen: true)
            : new GZipStream(target, how, leaveOpen: true))
        {
            stream.Write(json);
        }

        return target.ToArray();
    }

    private static IEnumerable<byte[]> Chunks(byte[] message)
    {
        if (message.Length <= ChunkSize)
        {
            yield return message;
            yield break;
        }

        // 0x1e 0x0f, eight bytes for the message, its place, how many there are (GELF, "Chunked GELF").
        var id = RandomNumberGenerator.GetBytes(8);
        var chunks = message.Chunk(ChunkSize - ChunkHead).Take(MostChunks).ToArray();
        for (var index = 0; index < chunks.Length; index++)
        {
            yield return [0x1e, 0x0f, .. id, (byte)index, (byte)chunks.Length, .. chunks[index]];
        }
    }
}
