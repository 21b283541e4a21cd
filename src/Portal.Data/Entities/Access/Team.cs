namespace Portal.Data.Entities.Access;

/// <summary>People who are granted roles together.</summary>
public sealed class Team
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
