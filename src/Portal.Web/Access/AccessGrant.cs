namespace Portal.Web.Access;

/// <summary>A role that somebody has somewhere.</summary>
/// <param name="Role">What it allows.</param>
/// <param name="Scope">Where.</param>
/// <param name="TeamId">The team that it was given to; null when it was given to the person.</param>
public sealed record AccessGrant(Role Role, AccessScope Scope, Guid? TeamId = null);
