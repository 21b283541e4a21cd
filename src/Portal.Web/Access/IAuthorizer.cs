using System.Security.Claims;

namespace Portal.Web.Access;

/// <summary>
/// The one place that decides whether somebody may do something: pages, REST, hubs, consoles and webhooks all ask here. Default deny. A decision is
/// made from the grants as they are in the database now and never cached past a change.
/// </summary>
public interface IAuthorizer
{
    /// <summary>True when one of the user's grants covers the permission in the scope. False for whoever is not signed in.</summary>
    ValueTask<bool> IsAllowedAsync(ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken);

    /// <summary>Throws when <see cref="IsAllowedAsync"/> is false, after it has written the denied attempt to the audit log.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken);

    /// <summary>All that the user may do now, to filter a list or choose what to show. What is shown is no decision: acting asks again.</summary>
    ValueTask<EffectiveAccess> ReadAccessAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
