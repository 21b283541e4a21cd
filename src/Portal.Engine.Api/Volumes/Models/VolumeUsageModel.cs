namespace Portal.Engine.Api.Volumes.Models;

/// <summary>A volume's bytes, and how many containers mount it.</summary>
internal sealed record VolumeUsageModel(long Size, long RefCount);
