namespace Portal.Web.Features.Rest.Roles;

/// <summary>A grant that was made.</summary>
internal sealed record GrantMade(Guid Id);
