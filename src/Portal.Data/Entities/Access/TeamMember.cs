namespace Portal.Data.Entities.Access;

/// <summary>A person is in a team.</summary>
public sealed class TeamMember
{
    public Guid TeamId { get; set; }

    public Guid UserId { get; set; }

    /// <summary>The provider whose group put them there, and whose group takes them out again; null for who was put there by somebody.</summary>
    public Guid? ProviderId { get; set; }

    public DateTimeOffset AddedAt { get; set; }
}
