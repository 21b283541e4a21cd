using Portal.Web.Access;

namespace Portal.Web.Identity.Invitations;

/// <summary>An invitation as the list shows one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Note">Whom it is for.</param>
/// <param name="Role">The role's name; empty for none.</param>
/// <param name="Place">Where the role holds.</param>
/// <param name="Team">The team's name; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record InvitationEntry(
    Guid Id, string Note, string Role, string Place, string? Team, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>What <see cref="Place"/> is for a role that holds everywhere.</summary>
    public const string Everywhere = "everything";

    /// <summary>All of it in a few words, in the reader's language.</summary>
    public string Gives => (Role, Team) switch
    {
        (_, null) => T("{0} on {1}", RoleTitle, PlaceTitle),
        ("", _) => T("in the team {0}", Team),
        _ => T("{0} on {1}, in the team {2}", RoleTitle, PlaceTitle, Team),
    };

    private string RoleTitle => BuiltInRoles.TitleOf(Role);

    private string PlaceTitle => Place == Everywhere ? T("everything") : Place;
}
