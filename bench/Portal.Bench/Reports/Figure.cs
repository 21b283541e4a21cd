namespace Portal.Bench.Reports;

/// <summary>A figure of the portal.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How much that is.</param>
/// <param name="Unit"><c>MB</c>, <c>cores</c>, <c>ms</c> or <c>s</c>.</param>
/// <param name="Target">The most that it shall be; null for what is only told.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Target);
