using System.Collections.Frozen;
using Portal.Contracts.Permissions;

namespace Portal.Web.Access;

/// <summary>The roles that every portal has. Each holds what the one after it holds, and more.</summary>
public static class BuiltInRoles
{
    public const string Administrator = "Administrator";
    public const string Operator = "Operator";
    public const string Deployer = "Deployer";
    public const string Developer = "Developer";
    public const string Viewer = "Viewer";

    private static readonly string[] s_viewer =
    [
        PermissionNames.NodesView, PermissionNames.ContainersView, PermissionNames.ImagesView, PermissionNames.NetworksView,
        PermissionNames.VolumesView, PermissionNames.BuildsView, PermissionNames.AlertsView, PermissionNames.MetricsView,
        PermissionNames.StacksView,
    ];

    private static readonly string[] s_developer =
    [
        .. s_viewer, PermissionNames.ContainersLogs, PermissionNames.ContainersExec, PermissionNames.ContainersStart,
        PermissionNames.ContainersStop, PermissionNames.ContainersRestart, PermissionNames.ContainersFiles,
        PermissionNames.VolumesFiles, PermissionNames.ConsolesShare, PermissionNames.TokensCreate, PermissionNames.HooksView,
        PermissionNames.JobsView,
    ];

    private static readonly string[] s_deployer =
    [
        .. s_developer, PermissionNames.ContainersCreate, PermissionNames.ContainersKill, PermissionNames.ContainersPause,
        PermissionNames.ContainersRename, PermissionNames.ContainersUpdate, PermissionNames.ContainersRemove,
        PermissionNames.ContainersCommit, PermissionNames.ImagesPull, PermissionNames.ImagesLoad,
        PermissionNames.ImagesBuild, PermissionNames.ImagesPush, PermissionNames.ImagesSave,
        PermissionNames.ImagesTag, PermissionNames.RegistriesView,
        PermissionNames.VolumesCreate, PermissionNames.VolumesRemove, PermissionNames.VolumesWriteFiles, PermissionNames.VolumesBackup,
        PermissionNames.VolumesRestore,
        PermissionNames.NetworksCreate, PermissionNames.NetworksRemove, PermissionNames.NetworksConnect,
        PermissionNames.StacksEdit, PermissionNames.HooksEdit, PermissionNames.JobsEdit, PermissionNames.StacksDeploy,
    ];

    private static readonly string[] s_operator =
    [
        .. s_deployer, PermissionNames.ContainersHostAccess, PermissionNames.ContainersPrivileged,
        PermissionNames.ContainersHostNamespaces, PermissionNames.ContainersHostPaths, PermissionNames.ContainersDevices,
        PermissionNames.ContainersCapabilities, PermissionNames.ImagesRemove,
        PermissionNames.NodesManage, PermissionNames.NodesDrain, PermissionNames.EnvironmentsManage, PermissionNames.RegistriesManage,
        PermissionNames.DeploymentsApprove, PermissionNames.DeploymentsOverride,
        PermissionNames.ConsolesView, PermissionNames.ConsolesEnd, PermissionNames.ConsolesReplay, PermissionNames.AlertsManage,
        PermissionNames.AuditView, PermissionNames.AuditExport,
    ];

    private static readonly IEnumerable<string> s_administrator = PermissionCatalog.All.Select(permission => permission.Name);

    /// <summary>From the one that allows most to the one that allows least.</summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        new(N("Administrator"), N("Everything, people included."), s_administrator.ToFrozenSet()),
        new(N("Operator"), N("Nodes, images and containers, also those that reach the host; reads the audit log."), s_operator.ToFrozenSet()),
        new(N("Deployer"), N("Makes and removes containers and networks; pulls, uploads and builds images."), s_deployer.ToFrozenSet()),
        new(N("Developer"), N("Starts and stops containers, reads logs, opens consoles."), s_developer.ToFrozenSet()),
        new(N("Viewer"), N("Looks, changes nothing."), s_viewer.ToFrozenSet()),
    ];

    private static readonly FrozenDictionary<string, Role> s_byName = All.ToFrozenDictionary(role => role.Name);

    /// <summary>The role, or null when there is none of that name: then a grant of it allows nothing.</summary>
    public static Role? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>As pages call the role of that name; other roles are called as they were named.</summary>
    public static string TitleOf(string name) => Find(name)?.Title ?? name;
}
