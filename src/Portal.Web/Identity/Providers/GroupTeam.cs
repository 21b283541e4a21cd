namespace Portal.Web.Identity.Providers;

/// <summary>Who is in the group at the provider is in the team here.</summary>
public sealed record GroupTeam(string Group, Guid TeamId);
