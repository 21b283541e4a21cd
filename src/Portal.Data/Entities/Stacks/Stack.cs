namespace Portal.Data.Entities.Stacks;

/// <summary>A stack: Compose files for a node. What it says is in its revisions.</summary>
public sealed class Stack
{
    public Guid Id { get; set; }

    /// <summary>The Compose project's name; once on a node.</summary>
    public string Name { get; set; } = "";

    public Guid NodeId { get; set; }

    public string NodeName { get; set; } = "";

    /// <summary>The number of the newest revision.</summary>
    public int Revision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
