namespace Portal.Data.Entities.Access;

/// <summary>What nobody may use of some nodes, whatever their roles: on everything, in an environment, or on a node.</summary>
public sealed class PolicyRecord
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public Guid? EnvironmentId { get; set; }

    public Guid? NodeId { get; set; }

    /// <summary>JSON of the rules.</summary>
    public string Rules { get; set; } = "{}";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
