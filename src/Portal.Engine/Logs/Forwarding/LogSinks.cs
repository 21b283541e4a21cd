using Portal.Engine.Containers;
using Portal.Engine.Logs.Forwarding.Options;
using Portal.Engine.Logs.Forwarding.Sinks;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Makes the sink that a container's log driver asks for.</summary>
internal sealed class LogSinks
{
    /// <summary>Where the journal listens; another place in tests.</summary>
    public string JournalPath { get; init; } = JournalSink.DefaultPath;

    /// <summary>How receivers are known whose drivers have no option for it; other authorities in tests.</summary>
    public SinkTls Tls { get; init; } = new("", "", "", SkipVerify: false);

    public ILogSink Make(ContainerInfo container)
    {
        var (spec, origin) = (container.Spec, LogOrigin.Of(container));
        var options = new OptionValues(spec.LogOptions);
        return spec.LogDriver switch
        {
            "syslog" => new SyslogSink(origin, SyslogOptions.Parse(options)),
            "gelf" => new GelfSink(origin, GelfOptions.Parse(options)),
            "fluentd" => new FluentdSink(origin, FluentdOptions.Parse(options), Tls),
            "journald" => new JournalSink(origin, JournalPath),
            var other => throw new InvalidOperationException($"The log driver '{other}' forwards nothing."),
        };
    }
}
