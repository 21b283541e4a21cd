namespace Portal.Engine.Logs.Forwarding.Options;

/// <summary>Docker's options of the driver <c>gelf</c>.</summary>
/// <param name="Address">Where the receiver is.</param>
/// <param name="Compression"><c>gzip</c>, <c>zlib</c> or <c>none</c>, of packets alone.</param>
/// <param name="Level">How hard it is compressed, from 0 to 9; -1 for zlib's own choice.</param>
/// <param name="Retry">What is done after a failure.</param>
internal sealed record GelfOptions(SinkAddress Address, string Compression, int Level, LogRetry Retry)
{
    private const string Type = "gelf-compression-type";
    private const string LevelName = "gelf-compression-level";
    private const string Reconnects = "gelf-tcp-max-reconnect";
    private const string Delay = "gelf-tcp-reconnect-delay";
    private const long LongestDelay = 24 * 3600;

    // As Docker's (flate.BestSpeed, and go-gelf's delay).
    private const int Fastest = 1;
    private const int UsualDelay = 1;

    // A delay of 0 is none; but then a receiver that is away would take a processor.
    private static readonly TimeSpan s_leastPause = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<string> Names { get; } = ["gelf-address", Type, LevelName, Reconnects, Delay];

    public static GelfOptions Parse(OptionValues values)
    {
        var address = Where(values);
        var compression = values.Text(Type) ?? "gzip";
        if (address is { IsDatagram: false } && (values.IsGiven(Type) || values.IsGiven(LevelName)))
        {
            values.Refuse("compression is only supported on UDP");
        }
        else if (compression is not ("gzip" or "zlib" or "none"))
        {
            values.Refuse($"unknown value \"{compression}\" for log opt \"{Type}\" for gelf log driver");
        }

        var level = values.Number(
            LevelName, -1, 9, $"unknown value \"{values.Text(LevelName)}\" for log opt \"{LevelName}\" for gelf log driver");
        return new GelfOptions(
            address ?? new SinkAddress("udp", "", 0), compression, (int)(level ?? Fastest), Again(values, address));
    }

    private static SinkAddress? Where(OptionValues values)
    {
        var text = values.Text("gelf-address");
        var address = text is null ? null : SinkAddress.TryParse(text, 0, "udp", "tcp");
        if (address is null)
        {
            values.Refuse(text is null
                ? "gelf-address is a required parameter"
                : $"gelf-address should be in form proto://address, got {text}");
        }

        return address;
    }

    private static LogRetry Again(OptionValues values, SinkAddress? address)
    {
        if (!values.IsGiven(Reconnects) && !values.IsGiven(Delay))
        {
            return LogRetry.Forever;
        }

        foreach (var name in new[] { Reconnects, Delay }.Where(name => address is { IsDatagram: true } && values.IsGiven(name)))
        {
            values.Refuse($"\"{name}\" is only valid for TCP");
        }

        var most = values.Number(Reconnects, 0, int.MaxValue, $"\"{Reconnects}\" must be a positive integer");
        var pause = TimeSpan.FromSeconds(values.Number(Delay, 0, LongestDelay, $"\"{Delay}\" must be a positive integer") ?? UsualDelay);
        pause = pause > s_leastPause ? pause : s_leastPause;
        return new LogRetry(pause, 1, pause, most);
    }
}
