using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Access.Policies;

internal sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;
