using System.Collections.Frozen;
using Portal.Contracts.Permissions;
using Portal.Web.Access.Tokens;

namespace Portal.Web.Access;

/// <summary>All that somebody may do, as the grants were when it was read. Made for one decision or one rendering: never keep it.</summary>
public sealed class EffectiveAccess
{
    private readonly FrozenDictionary<Guid, Guid> _environmentOf;

    // What a token takes away; null for a person in a session.
    private readonly TokenLimit? _limit;

    /// <param name="grants">What was given to the person and to their teams.</param>
    /// <param name="environmentOf">The environments of nodes, by the node: of those environments at least on which something is granted.</param>
    public EffectiveAccess(IEnumerable<AccessGrant> grants, IEnumerable<KeyValuePair<Guid, Guid>> environmentOf)
    {
        Grants = [.. grants];
        _environmentOf = environmentOf.ToFrozenDictionary();
    }

    /// <summary>From built-in roles on nodes, or on everything where there is none.</summary>
    public EffectiveAccess(IEnumerable<(string Role, Guid? NodeId)> grants)
        : this(
            from grant in grants
            let role = BuiltInRoles.Find(grant.Role)
            where role is not null
            select new AccessGrant(role, AccessScope.From(null, grant.NodeId)),
            [])
    {
    }

    private EffectiveAccess(EffectiveAccess access, TokenLimit limit)
    {
        (Grants, _environmentOf, _limit) = (access.Grants, access._environmentOf, limit);
    }

    /// <summary>Nothing.</summary>
    public static EffectiveAccess None { get; } = new([], []);

    /// <summary>What it comes from.</summary>
    public IReadOnlyList<AccessGrant> Grants { get; }

    /// <summary>Whether a grant covers the permission in exactly this scope, in one around it, or on everything.</summary>
    public bool Allows(string permission, AccessScope scope) =>
        _limit?.Covers(permission, scope) != false && IsGranted(permission, scope);

    /// <summary>Whether all that the role allows is allowed in the scope: who may do that can give the role to others there.</summary>
    public bool AllowsAll(IEnumerable<string> permissions, AccessScope scope) => permissions.All(name => Allows(name, scope));

    /// <summary>The part of it that a token leaves.</summary>
    internal EffectiveAccess Within(TokenLimit limit) => new(this, limit);

    /// <summary>Whether both come from the same grants: then what is shown need not be drawn again.</summary>
    public bool IsSameAs(EffectiveAccess? other) => other is not null
        && Grants.SequenceEqual(other.Grants)
        && _environmentOf.Count == other._environmentOf.Count
        && _environmentOf.All(pair => other._environmentOf.TryGetValue(pair.Key, out var environment) && environment == pair.Value);

    /// <summary>
    /// Whether to show a page that lists over all nodes: for what is done on nodes, a grant on any of them is enough (the page leaves the
    /// others out); for anything else the grant must be on everything.
    /// </summary>
    // Of the portal as a whole nothing is left to a token that is good for some places alone.
    public bool AllowsSomewhere(string permission) => _limit is { IsOfPlaces: true } limit
        ? PermissionCatalog.Find(permission) is { OnNodes: true } && limit.Places.Any(place => Allows(permission, place))
        : _limit?.CoversSomewhere(permission) != false && IsGrantedSomewhere(permission);

    private bool IsGrantedSomewhere(string permission) => PermissionCatalog.Find(permission) is { OnNodes: true }
        ? Grants.Any(grant => grant.Role.Permissions.Contains(permission) && IsOfUse(permission, grant.Scope))
        : IsGranted(permission, AccessScope.Everything);

    private bool IsGranted(string permission, AccessScope scope) =>
        Grants.Any(grant => grant.Role.Permissions.Contains(permission) && Covers(grant.Scope, scope));

    private bool Covers(AccessScope granted, AccessScope asked) =>
        granted.IsEverything
        || (granted.StackId is { } stack ? asked.StackId == stack
            : granted.NodeId is { } node ? asked.NodeId == node
            : granted.EnvironmentId is { } environment && EnvironmentOf(asked) == environment);

    private Guid? EnvironmentOf(AccessScope asked) => asked.NodeId is { } node
        ? _environmentOf.TryGetValue(node, out var found) ? found : null
        : asked.EnvironmentId;

    // A role on a stack gives what is asked for with a stack, and no page of nodes.
    private static bool IsOfUse(string permission, AccessScope granted) =>
        granted.StackId is null || PermissionCatalog.Find(permission) is { OnStacks: true };
}
