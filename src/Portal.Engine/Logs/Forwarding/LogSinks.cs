using Portal.Engine.Containers;
using Portal.Engine.Logs.Forwarding.Sinks;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Makes the sink that a container's log driver asks for.</summary>
internal sealed class LogSinks
{
    /// <summary>Where the journal listens; another place in tests.</summary>
    public string JournalPath { get; init; } = JournalSink.DefaultPath;

    public ILogSink Make(ContainerInfo container)
    {
        var (spec, origin) = (container.Spec, LogOrigin.Of(container));
        return spec.LogDriver switch
        {
            "syslog" => new SyslogSink(origin, spec.LogOptions),
            "gelf" => new GelfSink(origin, spec.LogOptions),
            "fluentd" => new FluentdSink(origin, spec.LogOptions),
            "journald" => new JournalSink(origin, JournalPath),
            var other => throw new InvalidOperationException($"The log driver '{other}' forwards nothing."),
        };
    }
}
