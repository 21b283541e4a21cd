namespace Portal.Engine.Stats;

/// <summary>Shares of time, in percent, and their sum.</summary>
/// <param name="Average10">Over the last ten seconds.</param>
/// <param name="Average60">Over the last minute.</param>
/// <param name="Average300">Over the last five minutes.</param>
/// <param name="TotalMicroseconds">Since the container's start.</param>
public sealed record PressureShare(double Average10, double Average60, double Average300, long TotalMicroseconds);
