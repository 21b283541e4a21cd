using Portal.Engine.Logs.Forwarding.Sinks;

namespace Portal.Engine.Logs.Forwarding.Options;

/// <summary>Docker's options of the driver <c>syslog</c>.</summary>
/// <param name="Address">Where the receiver is.</param>
/// <param name="Facility">0 to 23.</param>
/// <param name="Format">Empty, <c>rfc3164</c>, <c>rfc5424</c> or <c>rfc5424micro</c>.</param>
/// <param name="Tls">How receiver and engine know each other; null for a connection in the clear.</param>
internal sealed record SyslogOptions(SinkAddress Address, int Facility, string Format, SinkTls? Tls)
{
    private const string AddressName = "syslog-address";
    private const string FacilityName = "syslog-facility";
    private const string FormatName = "syslog-format";
    private const string Authority = "syslog-tls-ca-cert";
    private const string Certificate = "syslog-tls-cert";
    private const string Key = "syslog-tls-key";
    private const string SkipVerify = "syslog-tls-skip-verify";
    private const string Secure = "tcp+tls";
    private const int Port = 514;
    private const int SecurePort = 6514;

    private static readonly string[] s_tls = [Authority, Certificate, Key, SkipVerify];

    public static IReadOnlyList<string> Names { get; } = [AddressName, FacilityName, FormatName, .. s_tls];

    public static SyslogOptions Parse(OptionValues values)
    {
        var text = values.Text(AddressName) ?? "unixgram:///dev/log";
        var port = text.StartsWith(Secure, StringComparison.Ordinal) ? SecurePort : Port;
        var address = SinkAddress.TryParse(text, port, "udp", "tcp", Secure, "unix", "unixgram");
        if (address is null)
        {
            values.Refuse($"syslog-address should be in form proto://address, got {text}");
        }

        var facility = SyslogFormat.Facility(values.Text(FacilityName) ?? "");
        if (facility is null)
        {
            values.Refuse("invalid syslog facility");
        }

        var format = values.Text(FormatName) ?? "";
        if (format is not ("" or "rfc3164" or "rfc5424" or "rfc5424micro"))
        {
            values.Refuse("Invalid syslog format");
        }

        var tls = ReadTls(values, address);
        return new SyslogOptions(
            address ?? new SinkAddress("unixgram", "", 0), facility ?? 0, format, address?.Protocol == Secure ? tls : null);
    }

    private static SinkTls ReadTls(OptionValues values, SinkAddress? address)
    {
        var tls = new SinkTls(
            values.Text(Authority) ?? "", values.Text(Certificate) ?? "", values.Text(Key) ?? "", values.Flag(SkipVerify) == true);
        if (address is not { Protocol: Secure })
        {
            foreach (var name in s_tls.Where(name => address is not null && values.IsGiven(name)))
            {
                values.Refuse($"the log opt '{name}' needs a syslog-address of the form {Secure}://host:port");
            }
        }
        else if (tls.CertificatePath.Length > 0 != tls.KeyPath.Length > 0)
        {
            values.Refuse($"the log opts '{Certificate}' and '{Key}' need each other");
        }

        return tls;
    }
}
