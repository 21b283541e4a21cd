namespace Portal.Engine.Snapshots;

/// <summary>What a container's root takes on the disk, in bytes of its files' lengths.</summary>
/// <param name="WritableBytes">
/// Of the files that the container wrote or changed, each counted once, however many names it has; Docker's <c>SizeRw</c>. A file of the
/// image counts whole as soon as any of it was changed. Volumes, logs and what is mounted into it don't count.
/// </param>
/// <param name="LayerBytes">Of the layers below, which it shares with its image; the image's size.</param>
public sealed record RootUsage(long WritableBytes, long LayerBytes)
{
    /// <summary>Of both; Docker's <c>SizeRootFs</c>.</summary>
    public long TotalBytes => WritableBytes + LayerBytes;
}
