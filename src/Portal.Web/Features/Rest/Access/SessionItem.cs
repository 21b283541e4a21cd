using Portal.Data.Entities;

namespace Portal.Web.Features.Rest.Access;

/// <summary>A sign-in that is still good.</summary>
/// <param name="Id">Its id, to end it by. No session can be taken over with it.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="LastSeenAt">When it was last used, to the minute.</param>
/// <param name="Address">Where the sign-in came from.</param>
/// <param name="Browser">What the browser called itself.</param>
/// <param name="Method">How the person proved who they are, in words.</param>
internal sealed record SessionItem(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string Address, string Browser, string Method)
{
    public static SessionItem Of(UserSession row) => new(row.Id, row.CreatedAt, row.LastSeenAt, row.Address, row.Browser, row.Method);
}
