using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Logs.Forwarding.Options;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>
/// Fluentd's forward protocol over TCP or a unix socket, in its message mode, with acknowledgements when they are
/// asked for.
/// </summary>
internal sealed class FluentdSink : ILogSink
{
    private const int LongestAnswer = 256;
    private readonly LogOrigin _origin;
    private readonly SinkConnection _connection;
    private readonly bool _acknowledged;
    private readonly bool _precise;

    /// <param name="origin">The container.</param>
    /// <param name="options">Its options.</param>
    /// <param name="tls">How a receiver with <c>tls://</c> is known.</param>
    public FluentdSink(LogOrigin origin, FluentdOptions options, SinkTls tls)
    {
        _origin = origin;
        _acknowledged = options.IsAcknowledged;
        _precise = options.IsPrecise;
        _connection = new SinkConnection(options.Address, options.Address.Protocol == "tls" ? tls : null)
        {
            IsAnswered = _acknowledged,
            LongestAge = options.LongestConnection,
            Patience = options.WriteTimeout ?? SinkConnection.UsualPatience,
        };
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    public async Task SendAsync(LogMessage message, CancellationToken cancellationToken)
    {
        var chunk = _acknowledged ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)) : null;
        await _connection.SendAsync(Write(message, chunk), cancellationToken).ConfigureAwait(false);
        if (chunk is not null)
        {
            await AwaitAcknowledgementAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private byte[] Write(LogMessage message, string? chunk)
    {
        var pack = new MessagePack().Array(chunk is null ? 3 : 4).Text(_origin.Tag);
        pack = _precise ? pack.EventTime(message.Time) : pack.Integer(message.Time.ToUnixTimeSeconds());
        pack.Map(4 + _origin.Attributes.Count + (message.Partial ? 1 : 0))
            .Text("container_id").Text(_origin.ContainerId)
            .Text("container_name").Text("/" + _origin.ContainerName)
            .Text("source").Text(message.Source == OutputSource.Stderr ? "stderr" : "stdout")
            .Text("log").Text(message.Line.Span);
        foreach (var (name, value) in _origin.Attributes)
        {
            pack.Text(name).Text(value);
        }

        if (message.Partial)
        {
            pack.Text("partial_message").Text("true");
        }

        return chunk is null ? pack.ToArray() : pack.Map(1).Text("chunk").Text(chunk).ToArray();
    }

    // The answer is the map {"ack": chunk}; only one message is on its way, so that the text alone tells.
    private async Task AwaitAcknowledgementAsync(string chunk, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestAnswer];
        var length = 0;
        var wanted = Encoding.ASCII.GetBytes(chunk);
        while (buffer.AsSpan(0, length).IndexOf(wanted) < 0)
        {
            length += length < buffer.Length
                ? await _connection.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)
                : throw new IOException("The receiver acknowledged something else than what it was sent.");
        }
    }
}
