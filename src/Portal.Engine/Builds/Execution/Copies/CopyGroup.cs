namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Sources that are copied in one way: what an archive holds keeps its owners, plain files don't.</summary>
/// <param name="Sources">What is copied.</param>
/// <param name="Options">How.</param>
/// <param name="IsUnpacked">True when the source was one file that was unpacked.</param>
internal sealed record CopyGroup(IReadOnlyList<CopySource> Sources, CopyOptions Options, bool IsUnpacked = false);
