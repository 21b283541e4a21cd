namespace Portal.Data.Entities;

/// <summary>An event of a node's engine.</summary>
public sealed class NodeEventRecord
{
    public Guid NodeId { get; set; }

    public int Epoch { get; set; }

    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string Type { get; set; } = "";

    public string Action { get; set; } = "";

    public string ActorId { get; set; } = "";

    /// <summary>JSON object of strings.</summary>
    public string Attributes { get; set; } = "{}";
}
