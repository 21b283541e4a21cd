using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Access.Policies;

/// <summary>
/// Lets a page or an endpoint be reached only with a permission (<c>PermissionNames</c>): on the node that its route value <c>nodeId</c> names,
/// or, where there is none, as <see cref="EffectiveAccess.AllowsSomewhere"/> says. What is done there is decided again by
/// <see cref="IAuthorizer.EnsureAsync"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequirePermissionAttribute : AuthorizeAttribute
{
    public const string PolicyPrefix = "perm:";

    public RequirePermissionAttribute(string permission)
        : base(PolicyPrefix + permission) => Permission = permission;

    public string Permission { get; }
}
