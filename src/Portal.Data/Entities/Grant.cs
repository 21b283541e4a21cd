namespace Portal.Data.Entities;

/// <summary>A role given to a person, on one node or on everything.</summary>
public sealed class Grant
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>The role's name, as <c>Operator</c>. A name that no role has any more grants nothing.</summary>
    public string Role { get; set; } = "";

    /// <summary>The node, or null for everything.</summary>
    public Guid? NodeId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
