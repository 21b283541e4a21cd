namespace Portal.Contracts.Permissions;

/// <summary>
/// The names of permissions. The portal checks them against grants; the agent checks that the portal asserted the one that a method
/// needs. A name is never reused with another meaning.
/// </summary>
public static class PermissionNames
{
    /// <summary>See nodes and their counters.</summary>
    public const string NodesView = "nodes.view";

    /// <summary>Join, rename, label and remove nodes; make join tokens.</summary>
    public const string NodesManage = "nodes.manage";

    /// <summary>Take nodes out of service and back: no new placements meanwhile.</summary>
    public const string NodesDrain = "nodes.drain";

    /// <summary>Open a shell on a node, outside all containers: whoever may is root there.</summary>
    public const string NodesShell = "nodes.shell";

    /// <summary>Make, change and delete environments, and move nodes between them.</summary>
    public const string EnvironmentsManage = "environments.manage";

    /// <summary>Read the history of counters of nodes and containers, also as Prometheus reads it.</summary>
    public const string MetricsView = "metrics.view";

    /// <summary>See containers, their state, counters and settings.</summary>
    public const string ContainersView = "containers.view";

    /// <summary>Read containers' logs.</summary>
    public const string ContainersLogs = "containers.logs";

    /// <summary>Open consoles in containers.</summary>
    public const string ContainersExec = "containers.exec";

    /// <summary>Make containers.</summary>
    public const string ContainersCreate = "containers.create";

    /// <summary>Start containers.</summary>
    public const string ContainersStart = "containers.start";

    /// <summary>Stop containers.</summary>
    public const string ContainersStop = "containers.stop";

    /// <summary>Restart containers.</summary>
    public const string ContainersRestart = "containers.restart";

    /// <summary>Send signals to containers.</summary>
    public const string ContainersKill = "containers.kill";

    /// <summary>Pause and unpause containers.</summary>
    public const string ContainersPause = "containers.pause";

    /// <summary>Rename containers.</summary>
    public const string ContainersRename = "containers.rename";

    /// <summary>Change limits and restart policies of containers.</summary>
    public const string ContainersUpdate = "containers.update";

    /// <summary>Remove containers.</summary>
    public const string ContainersRemove = "containers.remove";

    /// <summary>Copy files into and out of containers, export them, see what changed in them.</summary>
    public const string ContainersFiles = "containers.files";

    /// <summary>Make images of containers.</summary>
    public const string ContainersCommit = "containers.commit";

    /// <summary>
    /// Give workloads what reaches the host and has no permission of its own below: networks of the host's interfaces, mounted devices
    /// and
    /// servers, other runtimes, security options.
    /// </summary>
    public const string ContainersHostAccess = "containers.host_access";

    /// <summary>Run privileged containers.</summary>
    public const string ContainersPrivileged = "containers.privileged";

    /// <summary>Let containers share namespaces of the host: its network, processes, IPC, host name, user ids.</summary>
    public const string ContainersHostNamespaces = "containers.host_namespaces";

    /// <summary>Mount files and folders of the host.</summary>
    public const string ContainersHostPaths = "containers.host_paths";

    /// <summary>Hand devices of the host to containers, GPUs too.</summary>
    public const string ContainersDevices = "containers.devices";

    /// <summary>Give containers capabilities beyond the default set.</summary>
    public const string ContainersCapabilities = "containers.capabilities";

    /// <summary>See who has which console open.</summary>
    public const string ConsolesView = "consoles.view";

    /// <summary>Let others watch or join one's consoles, and join those that others share.</summary>
    public const string ConsolesShare = "consoles.share";

    /// <summary>End other people's consoles.</summary>
    public const string ConsolesEnd = "consoles.end";

    /// <summary>Replay recordings of consoles.</summary>
    public const string ConsolesReplay = "consoles.replay";

    /// <summary>Set how long consoles may be idle, which are recorded, and how long recordings are kept.</summary>
    public const string ConsolesManage = "consoles.manage";

    /// <summary>See images.</summary>
    public const string ImagesView = "images.view";

    /// <summary>Pull images.</summary>
    public const string ImagesPull = "images.pull";

    /// <summary>Upload images.</summary>
    public const string ImagesLoad = "images.load";

    /// <summary>Build images.</summary>
    public const string ImagesBuild = "images.build";

    /// <summary>Push images to registries.</summary>
    public const string ImagesPush = "images.push";

    /// <summary>Download images as archives.</summary>
    public const string ImagesSave = "images.save";

    /// <summary>Tag images.</summary>
    public const string ImagesTag = "images.tag";

    /// <summary>Remove images.</summary>
    public const string ImagesRemove = "images.remove";

    /// <summary>See builds of others and the history of builds.</summary>
    public const string BuildsView = "builds.view";

    /// <summary>See which registries the portal has logins for, and what is in them.</summary>
    public const string RegistriesView = "registries.view";

    /// <summary>Add, change and remove registries and the portal's logins to them.</summary>
    public const string RegistriesManage = "registries.manage";

    /// <summary>See networks.</summary>
    public const string NetworksView = "networks.view";

    /// <summary>Make networks.</summary>
    public const string NetworksCreate = "networks.create";

    /// <summary>Remove networks.</summary>
    public const string NetworksRemove = "networks.remove";

    /// <summary>Connect containers to networks, and take them off.</summary>
    public const string NetworksConnect = "networks.connect";

    /// <summary>See volumes, their sizes and who uses them.</summary>
    public const string VolumesView = "volumes.view";

    /// <summary>Make volumes.</summary>
    public const string VolumesCreate = "volumes.create";

    /// <summary>Remove volumes.</summary>
    public const string VolumesRemove = "volumes.remove";

    /// <summary>List and download files of volumes.</summary>
    public const string VolumesFiles = "volumes.files";

    /// <summary>Upload, rename and delete files of volumes.</summary>
    public const string VolumesWriteFiles = "volumes.write_files";

    /// <summary>Download whole volumes as archives.</summary>
    public const string VolumesBackup = "volumes.backup";

    /// <summary>Replace what is in volumes by what an archive has.</summary>
    public const string VolumesRestore = "volumes.restore";

    /// <summary>See stacks, their files, without values, and their revisions.</summary>
    public const string StacksView = "stacks.view";

    /// <summary>Make, change and delete stacks: their files and values.</summary>
    public const string StacksEdit = "stacks.edit";

    /// <summary>See webhooks, without their secrets, and what came to them.</summary>
    public const string HooksView = "hooks.view";

    /// <summary>Make, change and remove webhooks, give them new secrets, and redeliver.</summary>
    public const string HooksEdit = "hooks.edit";

    /// <summary>See scheduled jobs and when they were done.</summary>
    public const string JobsView = "jobs.view";

    /// <summary>Make, change, run, pause and remove scheduled jobs: of what one may do oneself.</summary>
    public const string JobsEdit = "jobs.edit";

    /// <summary>Deploy, start, stop, scale and remove stacks: what their containers need in the ordinary way goes with it.</summary>
    public const string StacksDeploy = "stacks.deploy";

    /// <summary>Approve or refuse deployments that others ask for, where an environment wants that.</summary>
    public const string DeploymentsApprove = "deployments.approve";

    /// <summary>Let a deployment begin outside of its environment's windows.</summary>
    public const string DeploymentsOverride = "deployments.override";

    /// <summary>See alerts and their history.</summary>
    public const string AlertsView = "alerts.view";

    /// <summary>Make, change, silence and delete alert rules and where they are sent.</summary>
    public const string AlertsManage = "alerts.manage";

    /// <summary>Add, change and remove catalogues of templates: what everybody is offered who edits stacks.</summary>
    public const string TemplatesManage = "templates.manage";

    /// <summary>
    /// Say where the portal is backed up to; make, check, download and remove its backups. With a passphrase they hold all of its secrets.
    /// </summary>
    public const string BackupsManage = "backups.manage";

    /// <summary>Read the audit log.</summary>
    public const string AuditView = "audit.view";

    /// <summary>Download the audit log.</summary>
    public const string AuditExport = "audit.export";

    /// <summary>See and change people, and grant them roles: none that allows more than one may oneself.</summary>
    public const string UsersManage = "users.manage";

    /// <summary>Invite people.</summary>
    public const string UsersInvite = "users.invite";

    /// <summary>See and end sessions of others.</summary>
    public const string SessionsManage = "sessions.manage";

    /// <summary>Make, change and delete teams and who is in them.</summary>
    public const string TeamsManage = "teams.manage";

    /// <summary>Make, change and delete roles.</summary>
    public const string RolesManage = "roles.manage";

    /// <summary>Make, change and delete policies: what nobody may use, whatever their roles.</summary>
    public const string PoliciesManage = "policies.manage";

    /// <summary>Do what policies forbid. Each use is in the audit log.</summary>
    public const string PoliciesBypass = "policies.bypass";

    /// <summary>Set how people sign in: providers, and what their groups become.</summary>
    public const string SignInManage = "sign_in.manage";

    /// <summary>Make API tokens for oneself.</summary>
    public const string TokensCreate = "tokens.create";

    /// <summary>See and revoke API tokens of others.</summary>
    public const string TokensManage = "tokens.manage";

    /// <summary>Make, change and delete service accounts and their tokens.</summary>
    public const string ServiceAccountsManage = "service_accounts.manage";
}
