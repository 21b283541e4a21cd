namespace Portal.Engine.Logs.Forwarding.Options;

/// <summary>Docker's options of the driver <c>fluentd</c>.</summary>
internal sealed record FluentdOptions
{
    private const string AddressName = "fluentd-address";
    private const string Async = "fluentd-async";
    private const string AsyncConnect = "fluentd-async-connect";
    private const string Interval = "fluentd-async-reconnect-interval";
    private const string Buffer = "fluentd-buffer-limit";
    private const string Retries = "fluentd-max-retries";
    private const string Acknowledge = "fluentd-request-ack";
    private const string Wait = "fluentd-retry-wait";
    private const string Precise = "fluentd-sub-second-precision";
    private const string Timeout = "fluentd-write-timeout";
    private const int Port = 24224;

    // As fluent-logger-golang's: each pause is longer by half, up to a minute.
    private const double Growth = 1.5;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_usualPause = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Names { get; } =
        [AddressName, Async, AsyncConnect, Interval, Buffer, Retries, Acknowledge, Wait, Precise, Timeout];

    public required SinkAddress Address { get; init; }

    /// <summary>True when a start is to fail where the receiver is not there: <c>fluentd-async=false</c>, if it is said.</summary>
    public bool MustBeThere { get; init; }

    /// <summary>How old a connection gets; null for as long as it lasts.</summary>
    public TimeSpan? LongestConnection { get; init; }

    /// <summary>Events that may wait for a receiver that takes nothing; null for as many as the files hold.</summary>
    public long? MostWaiting { get; init; }

    public LogRetry Retry { get; init; } = LogRetry.Forever;

    public bool IsAcknowledged { get; init; }

    public bool IsPrecise { get; init; }

    /// <summary>How long a write may take; null for what is usual for receivers.</summary>
    public TimeSpan? WriteTimeout { get; init; }

    public static FluentdOptions Parse(OptionValues values)
    {
        var given = values.Text(AddressName) ?? "tcp://127.0.0.1";
        var whole = given.Contains("://", StringComparison.Ordinal) ? given : "tcp://" + given;
        var address = SinkAddress.TryParse(whole, Port, "tcp", "tls", "unix");
        if (address is null)
        {
            values.Refuse($"invalid fluentd-address {given}");
        }

        if (values.IsGiven(Async) && values.IsGiven(AsyncConnect))
        {
            values.Refuse($"conflicting options: cannot specify both '{Async}' and '{AsyncConnect}'");
        }

        var isAsync = values.Flag(Async) ?? values.Flag(AsyncConnect);
        if (values.IsGiven(Interval) && isAsync != true)
        {
            values.Refuse($"the log opt '{Interval}' needs '{Async}=true'");
        }

        var most = values.Text(Buffer);
        long events = 0;
        if (most is not null && !LogDriverOptions.TryParseSize(most, out events))
        {
            values.Refuse($"invalid value '{most}' for log opt '{Buffer}': it is a number of events such as '8192' or '1m'");
        }

        return new FluentdOptions
        {
            Address = address ?? new SinkAddress("tcp", "", 0),
            MustBeThere = isAsync == false,
            LongestConnection = values.Duration(Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)),
            MostWaiting = most is null ? null : events,
            Retry = Again(values),
            IsAcknowledged = values.Flag(Acknowledge) == true,
            IsPrecise = values.Flag(Precise) == true,
            WriteTimeout = values.Duration(Timeout, TimeSpan.FromMilliseconds(1)),
        };
    }

    private static LogRetry Again(OptionValues values)
    {
        if (!values.IsGiven(Wait) && !values.IsGiven(Retries))
        {
            return LogRetry.Forever;
        }

        var pause = values.Duration(Wait, TimeSpan.FromMilliseconds(1)) ?? s_usualPause;
        var most = values.Number(
            Retries,
            0,
            uint.MaxValue,
            $"invalid value '{values.Text(Retries)}' for log opt '{Retries}': it is a number from 0 to {uint.MaxValue}");
        return new LogRetry(pause, Growth, pause > s_longestPause ? pause : s_longestPause, most);
    }
}
