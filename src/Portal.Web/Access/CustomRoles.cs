using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Access;

namespace Portal.Web.Access;

internal static class CustomRoles
{
    /// <summary>The role of a row; what is no permission of this portal's is left out.</summary>
    public static Role ToRole(CustomRole row)
    {
        var known = row.Permissions.Where(name => PermissionCatalog.Find(name) is not null);
        return new Role(row.Name, row.Description, known.ToFrozenSet(StringComparer.Ordinal), row.Id);
    }

    /// <summary>The role that grants name so (<see cref="Role.Key"/>), built-in or not; null when there is none.</summary>
    public static async Task<Role?> FindAsync(PortalDbContext database, string key, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(key, out var id))
        {
            return BuiltInRoles.Find(key);
        }

        var row = await database.CustomRoles.AsNoTracking().SingleOrDefaultAsync(role => role.Id == id, cancellationToken);
        return row is null ? null : ToRole(row);
    }

    /// <summary>The built-in ones, then the others by name.</summary>
    public static async Task<IReadOnlyList<Role>> ListAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        var rows = await database.CustomRoles.AsNoTracking().OrderBy(role => role.Name).ToListAsync(cancellationToken);
        return [.. BuiltInRoles.All, .. rows.Select(ToRole)];
    }
}
