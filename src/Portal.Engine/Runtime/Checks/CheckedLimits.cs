namespace Portal.Engine.Runtime.Checks;

/// <summary>What <see cref="IContainerChecks"/> found in limits.</summary>
/// <param name="Limits">The limits without what this host can't do.</param>
/// <param name="Problems">What the kernel would refuse; empty for nothing.</param>
/// <param name="Warnings">What was taken out.</param>
public sealed record CheckedLimits(RuntimeResources Limits, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings);
