using Portal.Web.Access;

namespace Portal.Web.Identity.Invitations;

/// <summary>What whoever takes up an invitation gets.</summary>
/// <param name="Note">Whom it is for.</param>
/// <param name="Role">The key of a role, built in or not; empty for none of their own.</param>
/// <param name="Scope">Where the role holds.</param>
/// <param name="TeamId">The team; null for none.</param>
/// <param name="Days">For how long the link is good.</param>
internal sealed record InvitationTerms(string Note, string Role, AccessScope Scope, Guid? TeamId, int Days);
