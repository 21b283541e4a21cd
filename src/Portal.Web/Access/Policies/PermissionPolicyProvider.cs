using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Portal.Web.Access.Policies;

/// <summary>Makes the policies <c>perm:NAME</c> and <c>perm:NAME|OTHER</c> for any permission; others come from the options.</summary>
internal sealed class PermissionPolicyProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    public override async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (!policyName.StartsWith(RequirePermissionAttribute.PolicyPrefix, StringComparison.Ordinal))
        {
            return await base.GetPolicyAsync(policyName);
        }

        var permissions = policyName[RequirePermissionAttribute.PolicyPrefix.Length..].Split(RequirePermissionAttribute.Or, 2);
        return new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .AddRequirements(new PermissionRequirement(permissions[0], permissions.ElementAtOrDefault(1)))
            .Build();
    }
}
