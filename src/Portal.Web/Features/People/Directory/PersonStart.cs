using Portal.Web.Access;

namespace Portal.Web.Features.People.Directory;

/// <summary>What somebody new may do from the beginning; with neither a role nor a team nothing, until they are given one.</summary>
/// <param name="Role">The name of a built-in role or the id of another; empty for none of their own.</param>
/// <param name="Scope">Where the role holds.</param>
/// <param name="TeamId">The team that they are put into; null for none.</param>
internal sealed record PersonStart(string Role, AccessScope Scope = default, Guid? TeamId = null);
