namespace Portal.Web.Features.People.Directory;

/// <summary>A role that a person has, on one node or on everything.</summary>
internal sealed record PersonGrant(Guid Id, string Role, Guid? NodeId);
