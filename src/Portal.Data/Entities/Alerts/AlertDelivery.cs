namespace Portal.Data.Entities.Alerts;

/// <summary>A message to a target: waiting, sent, or given up.</summary>
public sealed class AlertDelivery
{
    public long Id { get; set; }

    public Guid TargetId { get; set; }

    /// <summary>JSON.</summary>
    public string Message { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it is tried next; null when it was sent or given up.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string Error { get; set; } = "";
}
