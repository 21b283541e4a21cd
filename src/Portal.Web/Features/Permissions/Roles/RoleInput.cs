namespace Portal.Web.Features.Permissions.Roles;

/// <summary>What a role shall be.</summary>
internal sealed record RoleInput(string Name, string Description, IReadOnlyCollection<string> Permissions);
