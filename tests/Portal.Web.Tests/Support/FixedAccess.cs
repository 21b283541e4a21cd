using System.Security.Claims;
using Portal.Web.Access;

namespace Portal.Web.Tests.Support;

/// <summary>Everybody may the same.</summary>
public sealed class FixedAccess(EffectiveAccess access) : IAuthorizer
{
    public ValueTask<bool> IsAllowedAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) =>
        new(access.Allows(permission, scope));

    public ValueTask<Actor> EnsureAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page decides by itself.");

    public ValueTask<EffectiveAccess> ReadAccessAsync(ClaimsPrincipal user, CancellationToken cancellationToken) => new(access);
}
