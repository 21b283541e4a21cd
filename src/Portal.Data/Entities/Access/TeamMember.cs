namespace Portal.Data.Entities.Access;

/// <summary>A person is in a team.</summary>
public sealed class TeamMember
{
    public Guid TeamId { get; set; }

    public Guid UserId { get; set; }

    public DateTimeOffset AddedAt { get; set; }
}
