namespace Portal.Engine.Containers.Health;

/// <summary>The outcome of one probe.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="ExitCode">0 for healthy; -1 when it did not run or took too long.</param>
/// <param name="Output">What it wrote, at most 4096 bytes, and why it failed when it did not run.</param>
public sealed record HealthResult(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);
