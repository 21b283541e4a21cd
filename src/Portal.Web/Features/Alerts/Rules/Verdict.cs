namespace Portal.Web.Features.Alerts.Rules;

/// <summary>How a subject stands against a condition.</summary>
internal enum Verdict
{
    /// <summary>Nothing is known at present: what was, stays.</summary>
    Unknown,
    Good,

    /// <summary>Between both thresholds: what fired goes on, nothing new begins.</summary>
    Between,
    Bad,
}
