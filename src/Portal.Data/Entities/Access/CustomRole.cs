namespace Portal.Data.Entities.Access;

/// <summary>A named set of permissions that somebody put together.</summary>
public sealed class CustomRole
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>Names of permissions. One that the portal does not know allows nothing.</summary>
    public string[] Permissions { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
