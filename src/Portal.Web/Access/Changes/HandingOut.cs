using Portal.Contracts.Permissions;

namespace Portal.Web.Access.Changes;

/// <summary>
/// Nobody hands out what they don't have: not by a grant, nor by a change of a role, a place in a team, a node in an environment or somebody's
/// password. Administrators have all there is.
/// </summary>
internal static class HandingOut
{
    private const int Named = 3;

    /// <summary>Why somebody can't give the role there; null when they can.</summary>
    public static string? Refuse(EffectiveAccess own, Role role, AccessScope scope) =>
        Refuse(own, role.Permissions, scope, $"the role '{role.Name}'");

    /// <summary>Why somebody can't give these permissions there; null when they can.</summary>
    /// <param name="own">What they may do.</param>
    /// <param name="permissions">What would be given.</param>
    /// <param name="scope">Where.</param>
    /// <param name="what">What it is called: <c>the role 'Operator'</c>.</param>
    public static string? Refuse(EffectiveAccess own, IEnumerable<string> permissions, AccessScope scope, string what)
    {
        var lacking = permissions.Where(name => !own.Allows(name, scope)).Order(StringComparer.Ordinal).ToList();
        if (lacking.Count == 0)
        {
            return null;
        }

        var titles = lacking.Take(Named).Select(name => $"'{PermissionCatalog.Find(name)?.Title ?? name}'");
        var more = lacking.Count > Named ? $" and {lacking.Count - Named} more" : "";
        return E("You can't hand out {0} there: you lack {1}{2} yourself. Ask an administrator.", what, string.Join(", ", titles), more);
    }

    /// <summary>Why somebody may not decide about a person who has these grants; null when they may.</summary>
    public static string? RefuseToTouch(EffectiveAccess own, EffectiveAccess others)
    {
        var beyond = others.Grants.FirstOrDefault(grant => !own.AllowsAll(grant.Role.Permissions, grant.Scope));
        return beyond is null
            ? null
            : E("This person has the role '{0}', which allows more than you may yourself. Ask an administrator.", beyond.Role.Name);
    }
}
