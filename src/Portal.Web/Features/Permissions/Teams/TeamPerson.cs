namespace Portal.Web.Features.Permissions.Teams;

/// <summary>Somebody who is or can be in a team.</summary>
internal sealed record TeamPerson(Guid Id, string UserName, string DisplayName);
