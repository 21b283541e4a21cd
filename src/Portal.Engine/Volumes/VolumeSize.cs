namespace Portal.Engine.Volumes;

/// <summary>How large a volume was.</summary>
/// <param name="Bytes">Of all files beneath it, one with several names counted once.</param>
/// <param name="Measured">When its files were counted.</param>
public sealed record VolumeSize(long Bytes, DateTimeOffset Measured);
