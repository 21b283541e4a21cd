using Portal.Web.Access;
using Portal.Web.Features.People.Directory;

namespace Portal.Web.Features.Rest.People;

/// <summary>A person to make: with a role, or in a team, or both, or neither for now.</summary>
/// <param name="UserName">To sign in with.</param>
/// <param name="Role">The name of a built-in role or the id of another; empty for none of their own.</param>
/// <param name="DisplayName">To be shown.</param>
/// <param name="EnvironmentId">The role holds on an environment; null for elsewhere.</param>
/// <param name="NodeId">The role holds on a node; null for elsewhere.</param>
/// <param name="TeamId">The team; null for none.</param>
internal sealed record NewPerson(
    string UserName, string Role = "", string DisplayName = "", Guid? EnvironmentId = null, Guid? NodeId = null, Guid? TeamId = null)
{
    public PersonStart ToStart() => new(Role, AccessScope.From(EnvironmentId, NodeId), TeamId);
}
