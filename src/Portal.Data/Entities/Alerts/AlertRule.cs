namespace Portal.Data.Entities.Alerts;

/// <summary>What is watched for.</summary>
public sealed class AlertRule
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public bool Enabled { get; set; }

    public string Severity { get; set; } = "";

    /// <summary>JSON.</summary>
    public string Condition { get; set; } = "";

    public List<Guid> TargetIds { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its targets were last told of anything.</summary>
    public DateTimeOffset? NotifiedAt { get; set; }
}
