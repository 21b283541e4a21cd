using Portal.Web.Access;

namespace Portal.Web.Features.Rest.Roles;

/// <summary>A role.</summary>
/// <param name="Key">As grants refer to it: the name of a built-in role, the id of any other.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsBuiltIn">Whether every portal has it, and nobody can change it.</param>
/// <param name="Permissions">What it allows.</param>
internal sealed record RoleItem(string Key, string Name, string Description, bool IsBuiltIn, IReadOnlyList<string> Permissions)
{
    public static RoleItem Of(Role role) => new(
        role.Key, role.Name, role.Description, role.Id is null, [.. role.Permissions.Order(StringComparer.Ordinal)]);
}
