namespace Portal.Web.Audit.Chain;

/// <summary>What a check of the audit log's chain found.</summary>
/// <param name="Checked">How many entries fit.</param>
/// <param name="Unchained">How many entries are from before the chain and can't be checked.</param>
/// <param name="BrokenId">The first entry that does not fit what is before it; null when all do.</param>
/// <param name="Head">The hash of the last entry: noted elsewhere, it shows later whether the end was cut off.</param>
/// <param name="AnchorBroken">True when the mark from which the chain goes on after old entries were removed was changed.</param>
internal sealed record AuditCheckResult(long Checked, long Unchained, long? BrokenId, string Head, bool AnchorBroken = false)
{
    public bool IsGood => BrokenId is null && !AnchorBroken;
}
