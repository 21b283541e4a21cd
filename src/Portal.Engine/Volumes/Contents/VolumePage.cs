namespace Portal.Engine.Volumes.Contents;

/// <summary>A part of a folder.</summary>
/// <param name="Files">Folders first, then the rest, each by name in the order of bytes.</param>
/// <param name="NextToken">For the page that follows; empty on the last one.</param>
/// <param name="Total">How many there are in the folder in all, so far as their names were asked for.</param>
public sealed record VolumePage(IReadOnlyList<VolumeFile> Files, string NextToken, long Total);
