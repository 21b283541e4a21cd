namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Sources that are copied in one way: what an archive holds keeps its owners, plain files don't.</summary>
internal sealed record CopyGroup(IReadOnlyList<CopySource> Sources, CopyOptions Options);
