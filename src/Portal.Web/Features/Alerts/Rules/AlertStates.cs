namespace Portal.Web.Features.Alerts.Rules;

/// <summary>The states of an alert, as the database has them.</summary>
public static class AlertStates
{
    /// <summary>It is bad, not for long enough yet.</summary>
    public const string Pending = "pending";

    public const string Firing = "firing";

    public const string Resolved = "resolved";
}
