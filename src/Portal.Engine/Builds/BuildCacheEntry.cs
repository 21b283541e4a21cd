namespace Portal.Engine.Builds;

/// <summary>The result of a step, kept for builds to come.</summary>
/// <param name="Id">Its key, 64 hexadecimal digits.</param>
/// <param name="Kind">Docker's word: <c>regular</c>, or <c>exec.cachemount</c> for the folder of a cache mount.</param>
/// <param name="Description">The step.</param>
/// <param name="Size">Bytes of files in it.</param>
/// <param name="Created">When the step ran.</param>
/// <param name="LastUsed">When a build last used it.</param>
/// <param name="Uses">How often builds used it.</param>
/// <param name="InUse">True while a build uses it.</param>
/// <param name="Shared">True when an image has the same layer: removing the entry frees nothing then.</param>
public sealed record BuildCacheEntry(
    string Id, string Kind, string Description, long Size, DateTimeOffset Created, DateTimeOffset LastUsed, long Uses, bool InUse,
    bool Shared = false)
{
    /// <summary>Ids of the entries that it was made on top of; empty when they are pruned, or it is the first step on its base image.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];
}
