using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Access.Policies;

/// <param name="Permission">What is needed.</param>
/// <param name="Alternative">What will do as well; null where nothing will.</param>
internal sealed record PermissionRequirement(string Permission, string? Alternative = null) : IAuthorizationRequirement;
