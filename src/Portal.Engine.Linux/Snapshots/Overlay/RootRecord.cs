using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>What <c>root.json</c> says of a container's root.</summary>
/// <param name="ChainId">The topmost layer beneath it, or null.</param>
/// <param name="Ids">Whom its mount shows as owners; null for those that the disk has.</param>
internal sealed record RootRecord(string? ChainId, IdMapping? Ids = null);
