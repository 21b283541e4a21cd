namespace Portal.Contracts.Metrics;

/// <summary>What a metric's number means.</summary>
public enum MetricType
{
    /// <summary>A value that rises and falls.</summary>
    Gauge,

    /// <summary>A total that only rises, and begins anew with what it counts.</summary>
    Counter,
}
