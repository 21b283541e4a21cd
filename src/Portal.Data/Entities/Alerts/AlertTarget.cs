namespace Portal.Data.Entities.Alerts;

/// <summary>Where alerts are told.</summary>
public sealed class AlertTarget
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><c>Email</c>, <c>Webhook</c>, <c>Slack</c>, <c>Teams</c>, <c>Discord</c>, <c>Ntfy</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The code of the language that it is told in.</summary>
    public string Language { get; set; } = "en";

    /// <summary>Where those who are told reach the portal, which links in messages lead to; empty for no links.</summary>
    public string PortalUrl { get; set; } = "";

    /// <summary>Encrypted.</summary>
    public string Settings { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
