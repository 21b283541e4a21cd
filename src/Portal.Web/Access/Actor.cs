namespace Portal.Web.Access;

/// <summary>Who does something, for the audit log and for the agent.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The user's name at that time.</param>
/// <param name="Address">Where the request came from; empty when it came from the portal itself.</param>
public sealed record Actor(Guid UserId, string UserName, string Address)
{
    /// <summary>The portal itself.</summary>
    public static Actor Portal { get; } = new(Guid.Empty, "portal", "");
}
