namespace Portal.Web.Features.Alerts.Sending;

/// <summary>What kind of place a target is. Names are kept in the database: never rename one.</summary>
public enum TargetKind
{
    Email,
    Webhook,
    Slack,
    Teams,
    Discord,
    Ntfy,
}
