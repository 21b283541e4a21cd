namespace Portal.Contracts.Hubs;

/// <summary>A line of a log.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="IsError">True for standard error.</param>
/// <param name="Text">The line without its newline; bytes that are no UTF-8 replaced; cut at 16 KiB.</param>
public sealed record LogLine(DateTimeOffset Time, bool IsError, string Text);
