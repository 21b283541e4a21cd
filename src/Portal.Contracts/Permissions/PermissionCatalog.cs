using System.Collections.Frozen;
using static Portal.Contracts.Permissions.PermissionNames;

namespace Portal.Contracts.Permissions;

/// <summary>All permissions, with words for people: the one list that roles are put together from and that pages show.</summary>
public static class PermissionCatalog
{
    private const bool OnPortal = false;

    /// <summary>Every permission of <see cref="PermissionNames"/> once, in the order in which they are shown.</summary>
    public static IReadOnlyList<PermissionGroup> Groups { get; } =
    [
        new("Nodes", "Hosts, and the environments that group them.",
        [
            new(NodesView, "See nodes", "See nodes and their counters."),
            new(NodesManage, "Manage nodes", "Join, rename, label and remove nodes; make join tokens."),
            new(NodesDrain, "Drain nodes", "Take nodes out of service and back: no new placements meanwhile."),
            new(NodesShell, "Open shells on nodes", "Open a shell on a node, outside all containers: whoever may is root there."),
            new(EnvironmentsManage, "Manage environments", "Make, change and delete environments; move nodes between them.", OnPortal),
            new(MetricsView, "Read metrics", "Read the history of counters of nodes and containers."),
        ]),
        new("Containers", "Their life from creation to removal.",
        [
            new(ContainersView, "See containers", "See containers, their state, counters and settings."),
            new(ContainersCreate, "Create containers", "Make containers."),
            new(ContainersStart, "Start", "Start containers."),
            new(ContainersStop, "Stop", "Stop containers."),
            new(ContainersRestart, "Restart", "Restart containers."),
            new(ContainersKill, "Send signals", "Send signals to containers."),
            new(ContainersPause, "Pause", "Pause and unpause containers."),
            new(ContainersRename, "Rename", "Rename containers."),
            new(ContainersUpdate, "Change limits", "Change limits and restart policies of containers."),
            new(ContainersRemove, "Remove containers", "Remove containers."),
            new(ContainersCommit, "Commit", "Make images of containers."),
        ]),
        new("Inside containers", "What runs in them, writes and is written.",
        [
            new(ContainersLogs, "Read logs", "Read containers' logs."),
            new(ContainersFiles, "Use files", "Copy files into and out of containers, export them, see what changed in them."),
            new(ContainersExec, "Open consoles", "Open consoles in containers."),
            new(ConsolesView, "See open consoles", "See who has which console open."),
            new(ConsolesShare, "Share consoles", "Let others watch or join one's consoles, and join those that others share."),
            new(ConsolesEnd, "End consoles", "End other people's consoles."),
            new(ConsolesReplay, "Replay consoles", "Replay recordings of consoles."),
            new(
                ConsolesManage,
                "Set rules for consoles",
                "Set how long consoles may be idle, which are recorded, and how long recordings are kept.", OnPortal),
        ]),
        new("Reaching the host", "What lets a workload out of its box.",
        [
            new(ContainersPrivileged, "Privileged containers", "Run privileged containers.", OnStacks: true),
            new(
                ContainersHostNamespaces,
                "Host namespaces",
                "Let containers share namespaces of the host: its network, processes, IPC, host name, user ids.", OnStacks: true),
            new(ContainersHostPaths, "Host paths", "Mount files and folders of the host.", OnStacks: true),
            new(ContainersDevices, "Devices", "Hand devices of the host to containers, GPUs too.", OnStacks: true),
            new(ContainersCapabilities, "Capabilities", "Give containers capabilities beyond the default set.", OnStacks: true),
            new(
                ContainersHostAccess,
                "Other access to the host",
                "All else that reaches the host: networks on its interfaces, mounted devices and servers, runtimes, security options.", OnStacks: true),
        ]),
        new("Images", "Images, builds and registries.",
        [
            new(ImagesView, "See images", "See images."),
            new(ImagesPull, "Pull", "Pull images."),
            new(ImagesLoad, "Upload", "Upload images."),
            new(ImagesBuild, "Build", "Build images."),
            new(BuildsView, "See all builds", "See builds of others with their steps, on the nodes where they ran."),
            new(ImagesPush, "Push", "Push images to registries."),
            new(ImagesSave, "Download", "Download images as archives."),
            new(ImagesTag, "Tag", "Tag images."),
            new(ImagesRemove, "Remove images", "Remove images."),
            new(RegistriesView, "See registries", "See which registries the portal has logins for, and what is in them."),
            new(RegistriesManage, "Manage registries", "Add, change and remove registries and the portal's logins to them.", OnPortal),
        ]),
        new("Networks", "Networks and who is on them.",
        [
            new(NetworksView, "See networks", "See networks."),
            new(NetworksCreate, "Create networks", "Make networks."),
            new(NetworksConnect, "Connect containers", "Connect containers to networks, and take them off."),
            new(NetworksRemove, "Remove networks", "Remove networks."),
        ]),
        new("Volumes", "Volumes and what is in them.",
        [
            new(VolumesView, "See volumes", "See volumes, their sizes and who uses them."),
            new(VolumesCreate, "Create volumes", "Make volumes."),
            new(VolumesRemove, "Remove volumes", "Remove volumes."),
            new(VolumesFiles, "Read files", "List and download files of volumes."),
            new(VolumesWriteFiles, "Write files", "Upload, rename and delete files of volumes."),
            new(VolumesBackup, "Back up", "Download whole volumes as archives."),
            new(VolumesRestore, "Restore", "Replace what is in volumes by what an archive has."),
        ]),
        new("Stacks", "Compose files, and what runs of them.",
        [
            new(StacksView, "See stacks", "See stacks, their files and their revisions; values stay hidden.", OnStacks: true),
            new(StacksEdit, "Edit stacks", "Make, change and delete stacks: their files and values.", OnStacks: true),
            new(StacksDeploy, "Deploy stacks", "Deploy stacks, roll them back, start, stop, scale and remove what runs of them.", OnStacks: true),
            new(
                DeploymentsApprove,
                "Approve deployments",
                "Approve or refuse deployments that others asked for, in environments that want a second person.", OnStacks: true),
            new(
                DeploymentsOverride,
                "Deploy outside of windows",
                "Let a deployment begin while its environment's windows are closed; each use is in the audit log.", OnStacks: true),
            new(HooksView, "See webhooks", "See webhooks and what was delivered to them, bodies too; their secrets stay hidden.", OnStacks: true),
            new(HooksEdit, "Edit webhooks", "Make, change and remove webhooks, and redeliver: it takes the right to deploy stacks too.", OnStacks: true),
        ]),
        new("Jobs", "What is done again and again by a clock.",
        [
            new(JobsView, "See jobs", "See scheduled jobs and how each run ended; what it said is for who may do the same by hand."),
            new(
                JobsEdit,
                "Edit jobs",
                "Make, change, run, pause and remove scheduled jobs: it takes the right to do the same by hand too."),
        ]),
        new("The portal", "What keeps the portal itself.",
        [
            new(TemplatesManage, "Manage templates", "Add, change and remove catalogues of templates for stacks.", OnPortal),
            new(BackupsManage, "Manage backups", "Say where the portal is backed up to; make, check and download its backups.", OnPortal),
        ]),
        new("Watching", "Alerts, and what was done by whom.",
        [
            new(AlertsView, "See alerts", "See alerts and their history."),
            new(AlertsManage, "Manage alerts", "Make, change, silence and delete alert rules and where they are sent.", OnPortal),
            new(AuditView, "Read the audit log", "Read the audit log.", OnPortal),
            new(AuditExport, "Export the audit log", "Download the audit log.", OnPortal),
        ]),
        new("People", "Who may sign in, and what they may do.",
        [
            new(
                UsersManage,
                "Manage people",
                "See and change people, and grant them roles: none that allows more than one may oneself.", OnPortal),
            new(UsersInvite, "Invite people", "Invite people.", OnPortal),
            new(SessionsManage, "Manage sessions", "See and end sessions of others.", OnPortal),
            new(TeamsManage, "Manage teams", "Make, change and delete teams and who is in them.", OnPortal),
            new(RolesManage, "Manage roles", "Make, change and delete roles.", OnPortal),
            new(
                PoliciesManage,
                "Manage policies",
                "Make, change and delete policies: what nobody may use, whatever their roles.", OnPortal),
            new(PoliciesBypass, "Bypass policies", "Do what policies forbid; each use is in the audit log."),
            new(SignInManage, "Manage sign-in", "Set how people sign in: providers, and what their groups become.", OnPortal),
        ]),
        new("Programs", "API tokens and service accounts.",
        [
            new(TokensCreate, "Make own tokens", "Make API tokens for oneself.", OnStacks: true),
            new(TokensManage, "Manage tokens", "See and revoke API tokens of others.", OnPortal),
            new(
                ServiceAccountsManage,
                "Manage service accounts",
                "Make, change and delete service accounts and their tokens.", OnPortal),
        ]),
    ];

    private static readonly FrozenDictionary<string, Permission> s_byName =
        Groups.SelectMany(group => group.Permissions).ToFrozenDictionary(permission => permission.Name);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IEnumerable<Permission> All => Groups.SelectMany(group => group.Permissions);

    /// <summary>The permission of that name, or null when there is none: then it allows nothing.</summary>
    public static Permission? Find(string name) => s_byName.GetValueOrDefault(name);
}
