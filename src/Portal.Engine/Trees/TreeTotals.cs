namespace Portal.Engine.Trees;

/// <summary>What a path and all beneath it come to.</summary>
/// <param name="Files">Everything that is no folder.</param>
/// <param name="Folders">Folders, the path itself among them.</param>
/// <param name="Bytes">Of regular files; one with several names counts once.</param>
/// <param name="IsWhole">False when there is more than was counted.</param>
/// <param name="Mounted">Where something else is mounted, which is not looked into; null when nothing is.</param>
public sealed record TreeTotals(long Files, long Folders, long Bytes, bool IsWhole, string? Mounted);
