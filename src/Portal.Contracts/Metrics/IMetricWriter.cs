namespace Portal.Contracts.Metrics;

/// <summary>Takes metrics: one format for those that come and read, another for those that are sent to.</summary>
/// <remarks>Not thread-safe. A family is begun once, and its samples follow it.</remarks>
public interface IMetricWriter
{
    /// <summary>Begins a metric.</summary>
    /// <param name="name">Letters, digits, underscores and colons; that of a counter ends in <c>_total</c>.</param>
    /// <param name="type">What its numbers mean.</param>
    /// <param name="help">A sentence for people.</param>
    /// <exception cref="ArgumentException">It was begun before, or the name is none.</exception>
    void Family(string name, MetricType type, string help);

    /// <summary>A value of the metric that was begun last.</summary>
    /// <param name="value">Any number, the infinite ones too.</param>
    /// <param name="labels">Names and values; the values may hold anything.</param>
    void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels);
}
