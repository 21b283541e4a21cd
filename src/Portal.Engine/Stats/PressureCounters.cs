namespace Portal.Engine.Stats;

/// <summary>How long processes waited for a resource (kernel documentation, <c>accounting/psi</c>).</summary>
/// <param name="Some">While at least one waited.</param>
/// <param name="Full">While all waited; null where the kernel does not tell.</param>
public sealed record PressureCounters(PressureShare Some, PressureShare? Full);
