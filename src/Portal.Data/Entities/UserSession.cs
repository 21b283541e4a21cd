namespace Portal.Data.Entities;

/// <summary>A sign-in that is still good. Removing the row ends it on all portals.</summary>
public sealed class UserSession
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Where the sign-in came from.</summary>
    public string Address { get; set; } = "";

    /// <summary>What the browser called itself: nothing to trust, only to recognise.</summary>
    public string Browser { get; set; } = "";

    /// <summary>How the person proved who they are, in words.</summary>
    public string Method { get; set; } = "";
}
