using System.Collections.Frozen;
using Portal.Contracts.Permissions;
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
}
