using System.Globalization;
using System.Text;
using Portal.Engine.Logs.Forwarding.Options;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>Syslog over UDP, TCP, TLS or the host's socket (RFC 5426, 6587, 5425).</summary>
internal sealed class SyslogSink : ILogSink
{
    private readonly SyslogFormat _format;
    private readonly SinkAddress _address;
    private readonly SinkConnection _connection;
    private readonly bool _counted;

    public SyslogSink(LogOrigin origin, SyslogOptions options)
    {
        _address = options.Address;
        _format = new SyslogFormat(options.Format, options.Facility, origin);
        _counted = options.Tls is not null && options.Format.StartsWith("rfc5424", StringComparison.Ordinal);
        _connection = new SinkConnection(_address, options.Tls);
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    public Task SendAsync(LogMessage message, CancellationToken cancellationToken)
    {
        var bytes = _format.Write(message);
        byte[] framed = _address.IsDatagram ? bytes
            : _counted ? [.. Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture)), (byte)' ', .. bytes]
            : [.. bytes, (byte)'\n'];
        return _connection.SendAsync(framed, cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
