using Portal.Engine.Containers;
using Portal.Engine.Logs.Forwarding.Options;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>What is done with a line that its receiver did not take.</summary>
/// <param name="First">The pause before the first time it is tried again.</param>
/// <param name="Growth">By how much each pause is longer than the one before.</param>
/// <param name="Longest">The longest pause.</param>
/// <param name="Most">How often it is tried again before it is dropped; null for until it is taken.</param>
internal sealed record LogRetry(TimeSpan First, double Growth, TimeSpan Longest, long? Most)
{
    /// <summary>What holds when nothing else is asked for: no line is dropped that the files still hold.</summary>
    public static LogRetry Forever { get; } = new(TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(10), null);

    public static LogRetry Of(ContainerSpec spec) => spec.LogDriver switch
    {
        "gelf" => GelfOptions.Parse(new OptionValues(spec.LogOptions)).Retry,
        "fluentd" => FluentdOptions.Parse(new OptionValues(spec.LogOptions)).Retry,
        _ => Forever,
    };

    /// <summary>The pause after one.</summary>
    public TimeSpan After(TimeSpan pause) => pause * Growth < Longest ? pause * Growth : Longest;
}
