using System.Globalization;
using System.Text;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>Syslog over UDP, TCP, TLS or the host's socket (RFC 5426, 6587, 5425).</summary>
internal sealed class SyslogSink : ILogSink
{
    private const int Port = 514;
    private const int SecurePort = 6514;
    private const string Secure = "tcp+tls";
    private readonly SyslogFormat _format;
    private readonly SinkAddress _address;
    private readonly SinkConnection _connection;
    private readonly bool _counted;

    public SyslogSink(LogOrigin origin, IReadOnlyDictionary<string, string> options)
    {
        string Option(string name) => options.GetValueOrDefault(name) ?? "";
        var format = Option("syslog-format");
        _address = Address(Option("syslog-address") is { Length: > 0 } given ? given : "unixgram:///dev/log")!;
        _format = new SyslogFormat(format, SyslogFormat.Facility(Option("syslog-facility"))!.Value, origin);
        _counted = _address.Protocol == Secure && format.StartsWith("rfc5424", StringComparison.Ordinal);
        var tls = new SinkTls(
            Option("syslog-tls-ca-cert"), Option("syslog-tls-cert"), Option("syslog-tls-key"), Option("syslog-tls-skip-verify").Length > 0);
        _connection = new SinkConnection(_address, _address.Protocol == Secure ? tls : null);
    }

    public static SinkAddress? Address(string text)
    {
        var port = text.StartsWith(Secure, StringComparison.Ordinal) ? SecurePort : Port;
        return SinkAddress.TryParse(text, port, "udp", "tcp", Secure, "unix", "unixgram");
    }

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
