namespace Portal.Web.Features.Files;

/// <summary>What a removal would take away.</summary>
/// <param name="Files">Everything that is no folder.</param>
/// <param name="Folders">The path itself among them.</param>
/// <param name="Bytes">Of regular files.</param>
/// <param name="IsWhole">False when there is more than was counted.</param>
/// <param name="Mounted">Where something is mounted, so that it can't be removed; empty for nowhere.</param>
public sealed record FileTotals(long Files, long Folders, long Bytes, bool IsWhole, string Mounted);
