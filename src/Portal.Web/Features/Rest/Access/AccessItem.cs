using Portal.Contracts.Permissions;
using Portal.Web.Features.Permissions.Effective;
using Portal.Web.Features.Rest.Roles;

namespace Portal.Web.Features.Rest.Access;

/// <summary>What somebody may do, and why.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="UserName">Their name.</param>
/// <param name="Suspended">Why nothing of it is allowed now; null when it is.</param>
/// <param name="Permissions">What is allowed, each with the grants that give it.</param>
internal sealed record AccessItem(Guid PersonId, string UserName, string? Suspended, IReadOnlyList<AccessItem.Allowed> Permissions)
{
    public static AccessItem Of(PersonAccess access, AccessPlace? place) => new(
        access.PersonId,
        access.Name,
        access.Suspended,
        [
            .. PermissionCatalog.All
                .Select(permission => new Allowed(permission.Name, [.. access.ReasonsFor(permission, place).Select(GrantItem.Of)]))
                .Where(allowed => allowed.By.Count > 0),
        ]);

    /// <summary>A permission that somebody has.</summary>
    /// <param name="Permission">Its name.</param>
    /// <param name="By">The grants that give it.</param>
    internal sealed record Allowed(string Permission, IReadOnlyList<GrantItem> By);
}
