namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>What <c>root.json</c> says of a container's root.</summary>
/// <param name="ChainId">The topmost layer beneath it, or null.</param>
internal sealed record RootRecord(string? ChainId);
