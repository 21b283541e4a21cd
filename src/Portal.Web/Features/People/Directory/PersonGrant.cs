namespace Portal.Web.Features.People.Directory;

/// <summary>A role that a person has.</summary>
/// <param name="Id">The grant's id.</param>
/// <param name="Role">The role's name.</param>
/// <param name="Place">Where: <c>everything</c>, or the name of an environment or a node.</param>
/// <param name="Team">The team by which they have it; null for their own.</param>
internal sealed record PersonGrant(Guid Id, string Role, string Place, string? Team = null);
