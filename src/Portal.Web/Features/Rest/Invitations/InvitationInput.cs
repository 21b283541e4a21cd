using Portal.Web.Access;
using Portal.Web.Identity.Invitations;

namespace Portal.Web.Features.Rest.Invitations;

/// <summary>Somebody to ask in: with a role, or into a team, or both.</summary>
/// <param name="Role">The name of a built-in role or the id of another; empty for none of their own.</param>
/// <param name="EnvironmentId">The role holds on an environment; null for elsewhere.</param>
/// <param name="NodeId">The role holds on a node; null for elsewhere.</param>
/// <param name="TeamId">The team; null for none.</param>
/// <param name="Note">Whom it is for.</param>
/// <param name="Days">How long it is good: 1 to 90.</param>
internal sealed record InvitationInput(
    string Role = "", Guid? EnvironmentId = null, Guid? NodeId = null, Guid? TeamId = null, string Note = "", int Days = 7)
{
    public InvitationTerms ToTerms() => new(Note, Role, AccessScope.From(EnvironmentId, NodeId), TeamId, Days);
}
