namespace Portal.Data.Entities;

/// <summary>A row of the audit log. The database refuses to change or remove one.</summary>
public sealed class AuditRecord
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>The person's id; all zeros for the portal itself and for who is not known.</summary>
    public Guid ActorId { get; set; }

    public string ActorName { get; set; } = "";

    /// <summary>Network address; empty for the portal itself.</summary>
    public string Address { get; set; } = "";

    public string Action { get; set; } = "";

    public string ObjectType { get; set; } = "";

    public string ObjectId { get; set; } = "";

    public string ObjectName { get; set; } = "";

    public Guid? NodeId { get; set; }

    /// <summary><c>succeeded</c>, <c>failed</c> or <c>denied</c>.</summary>
    public string Outcome { get; set; } = "";

    public string Detail { get; set; } = "";

    /// <summary>Over this entry and the one before; null for entries from before there was a chain.</summary>
    public byte[]? Hash { get; set; }
}
