namespace Portal.Web.Features.Rest.Roles;

/// <summary>What a role shall be.</summary>
internal sealed record RoleBody(string Name, IReadOnlyList<string> Permissions, string Description = "");
