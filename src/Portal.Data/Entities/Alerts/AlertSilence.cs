namespace Portal.Data.Entities.Alerts;

/// <summary>A time in which alerts are kept and not told: a silence, or a window of maintenance that comes every week.</summary>
public sealed class AlertSilence
{
    public Guid Id { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>Null for all rules.</summary>
    public Guid? RuleId { get; set; }

    /// <summary>Null for all nodes.</summary>
    public Guid? NodeId { get; set; }

    /// <summary>Names of containers, with <c>*</c>; empty for all.</summary>
    public string NamePattern { get; set; } = "";

    public DateTimeOffset BeginsAt { get; set; }

    public DateTimeOffset EndsAt { get; set; }

    /// <summary>Comes again every seven days.</summary>
    public bool Weekly { get; set; }

    public string CreatedBy { get; set; } = "";
}
