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
    /// <summary>All of it in a few words.</summary>
    public string Gives => (Role, Team) switch
    {
        (_, null) => $"{Role} on {Place}",
        ("", _) => $"in the team {Team}",
        _ => $"{Role} on {Place}, in the team {Team}",
    };
}
