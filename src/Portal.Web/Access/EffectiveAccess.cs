using System.Collections.Frozen;
using Portal.Contracts.Permissions;
using Portal.Web.Access.Tokens;

namespace Portal.Web.Access;

/// <summary>All that somebody may do, as the grants were when it was read. Made for one decision or one rendering: never keep it.</summary>
public sealed class EffectiveAccess
{
    // What has a node to be done on. All else is done on the portal as a whole and needs a grant on everything.
    private static readonly FrozenSet<string> s_onNodes =
        new[]
        {
            PermissionNames.NodesView, PermissionNames.NodesManage, PermissionNames.ContainersView, PermissionNames.ContainersLogs,
            PermissionNames.ContainersExec, PermissionNames.ContainersCreate, PermissionNames.ContainersStart,
            PermissionNames.ContainersStop,
            PermissionNames.ContainersRestart, PermissionNames.ContainersKill, PermissionNames.ContainersPause,
            PermissionNames.ContainersRename, PermissionNames.ContainersUpdate, PermissionNames.ContainersRemove,
            PermissionNames.ContainersFiles, PermissionNames.ContainersCommit, PermissionNames.ContainersHostAccess,
            PermissionNames.ImagesView, PermissionNames.ImagesPull, PermissionNames.ImagesLoad, PermissionNames.ImagesTag,
            PermissionNames.ImagesBuild, PermissionNames.ImagesPush, PermissionNames.ImagesSave,
            PermissionNames.ImagesRemove, PermissionNames.RegistriesView, PermissionNames.NetworksView,
            PermissionNames.VolumesView, PermissionNames.VolumesCreate, PermissionNames.VolumesRemove, PermissionNames.VolumesFiles,
            PermissionNames.VolumesWriteFiles, PermissionNames.VolumesBackup, PermissionNames.VolumesRestore,
            PermissionNames.NetworksCreate, PermissionNames.NetworksRemove, PermissionNames.NetworksConnect,
        }.ToFrozenSet();

    private readonly IReadOnlyList<(Role Role, Guid? NodeId)> _grants;

    // What a token takes away; null for a person in a session.
    private readonly TokenLimit? _limit;

    public EffectiveAccess(IEnumerable<(string Role, Guid? NodeId)> grants)
    {
        _grants = grants
            .Select(grant => (Role: BuiltInRoles.Find(grant.Role), grant.NodeId))
            .Where(grant => grant.Role is not null)
            .Select(grant => (grant.Role!, grant.NodeId))
            .ToList();
    }

    private EffectiveAccess(EffectiveAccess access, TokenLimit limit) => (_grants, _limit) = (access._grants, limit);

    /// <summary>Nothing.</summary>
    public static EffectiveAccess None { get; } = new([]);

    /// <summary>Whether a grant covers the permission in exactly this scope or on everything.</summary>
    public bool Allows(string permission, AccessScope scope) =>
        _limit?.Covers(permission, scope) != false && IsGranted(permission, scope);

    /// <summary>The part of it that a token leaves.</summary>
    internal EffectiveAccess Within(TokenLimit limit) => new(this, limit);

    private bool IsGranted(string permission, AccessScope scope) =>
        _grants.Any(grant => (grant.NodeId is null || grant.NodeId == scope.NodeId) && grant.Role.Permissions.Contains(permission));

    /// <summary>Whether both come from the same grants: then what is shown need not be drawn again.</summary>
    public bool IsSameAs(EffectiveAccess? other) => other is not null && _grants.SequenceEqual(other._grants);

    /// <summary>
    /// Whether to show a page that lists over all nodes: for what is done on nodes, a grant on any of them is enough (the page leaves the
    /// others out); for anything else the grant must be on everything.
    /// </summary>
    public bool AllowsSomewhere(string permission) => _limit?.Nodes is { } nodes
        ? nodes.Any(node => Allows(permission, AccessScope.Node(node)))
        : _limit?.CoversSomewhere(permission) != false && IsGrantedSomewhere(permission);

    private bool IsGrantedSomewhere(string permission) => s_onNodes.Contains(permission)
        ? _grants.Any(grant => grant.Role.Permissions.Contains(permission))
        : IsGranted(permission, AccessScope.Everything);
}
