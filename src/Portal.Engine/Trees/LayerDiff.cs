namespace Portal.Engine.Trees;

/// <summary>What an archive of a layer came to.</summary>
/// <param name="Entries">Entries that were written; 0 when nothing was changed.</param>
/// <param name="Size">Bytes of file content.</param>
/// <param name="IsExact">
/// True when the archive holds all that is in the writable folder. False when something was left out that archives can't hold (sockets)
/// or that is not the container's own (places that the runtime made to mount on).
/// </param>
public sealed record LayerDiff(long Entries, long Size, bool IsExact);
