namespace Portal.Engine.Linux.Runtime;

/// <summary>How a program ended and what it said, each stream up to a bound.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);
