using Portal.Contracts.Permissions;
using Portal.Web.Features.Permissions.Grants;

namespace Portal.Web.Features.Permissions.Effective;

/// <summary>What somebody may do where, and because of which grant.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Suspended">Why nothing of it is allowed now, for people; null when it is.</param>
/// <param name="Grants">All that they have, by themselves and by their teams.</param>
internal sealed record PersonAccess(Guid PersonId, string Name, string? Suspended, IReadOnlyList<GrantEntry> Grants)
{
    /// <summary>The grants that give a permission in a place; without a place, anywhere.</summary>
    // What is done on the portal as a whole takes a grant on everything.
    public IEnumerable<GrantEntry> ReasonsFor(Permission permission, AccessPlace? place) => Grants.Where(grant =>
        grant.Role?.Permissions.Contains(permission.Name) == true
        && (permission.OnNodes || grant.Scope.IsEverything)
        && (permission.OnStacks || grant.Scope.StackId is null)
        && (place is null || place.IsCoveredBy(grant.Scope)));
}
