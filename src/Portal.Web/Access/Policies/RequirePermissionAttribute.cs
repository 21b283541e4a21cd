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

    /// <summary>Between two of which either will do.</summary>
    public const char Or = '|';

    public RequirePermissionAttribute(string permission)
        : base(PolicyPrefix + permission) => Permission = permission;

    /// <summary>For what shows more to who has more: either of the two opens it, and what is done there asks for the one that it needs.</summary>
    public RequirePermissionAttribute(string permission, string or)
        : base(PolicyPrefix + permission + Or + or) => (Permission, Alternative) = (permission, or);

    public string Permission { get; }

    /// <summary>The one that will do as well; null where there is none.</summary>
    public string? Alternative { get; }
}
