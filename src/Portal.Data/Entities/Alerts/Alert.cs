namespace Portal.Data.Entities.Alerts;

/// <summary>Something that a rule found, from its beginning to its end.</summary>
public sealed class Alert
{
    public Guid Id { get; set; }

    public Guid RuleId { get; set; }

    public string RuleName { get; set; } = "";

    public string Severity { get; set; } = "";

    /// <summary>What it is about, as the rule tells subjects apart.</summary>
    public string Subject { get; set; } = "";

    public string SubjectName { get; set; } = "";

    public Guid? NodeId { get; set; }

    /// <summary><c>pending</c>, <c>firing</c>, <c>resolved</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>The state that targets were told last; empty for none.</summary>
    public string Told { get; set; } = "";

    /// <summary>For people.</summary>
    public string Value { get; set; } = "";

    public DateTimeOffset BeganAt { get; set; }

    public DateTimeOffset? FiredAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }
}
