using System.Collections.Frozen;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.V1;
using Portal.Contracts.Registries.V1;
using Portal.Contracts.Stacks.V1;
using Portal.Contracts.Storage.V1;
using Portal.Contracts.System.V1;
using Portal.Contracts.Volumes.V1;

namespace Portal.Agent.Services;

/// <summary>Which permission each method needs. A method that is not here is refused to everybody.</summary>
internal static class MethodPermissions
{
    private const string System = "/portal.system.v1.SystemService/";
    private const string Containers = "/portal.containers.v1.ContainerService/";
    private const string Files = "/portal.files.v1.FileService/";
    private const string Images = "/portal.images.v1.ImageService/";
    private const string Builds = "/portal.builds.v1.BuildService/";
    private const string Networks = "/portal.networks.v1.NetworkService/";
    private const string Overlays = "/portal.networks.v1.OverlayService/";
    private const string Registries = "/portal.registries.v1.RegistryService/";
    private const string Storage = "/portal.storage.v1.StorageService/";
    private const string Volumes = "/portal.volumes.v1.VolumeService/";
    private const string VolumeFiles = "/portal.volumes.v1.VolumeFileService/";
    private const string Docker = "/portal.docker.v1.DockerService/";
    private const string StackFiles = "/portal.stacks.v1.StackFileService/";
    private const string Policies = "/portal.policies.v1.PolicyService/";
    private const string Consoles = "/portal.consoles.v1.ConsoleService/";

    /// <summary>By the method's full name, as it is in the path.</summary>
    public static FrozenDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [System + nameof(SystemService.SystemServiceBase.GetInfo)] = PermissionNames.NodesView,
        [System + nameof(SystemService.SystemServiceBase.Ping)] = PermissionNames.NodesView,
        [System + nameof(SystemService.SystemServiceBase.MeasureDisk)] = PermissionNames.NodesView,
        [System + nameof(SystemService.SystemServiceBase.RotateKey)] = PermissionNames.NodesManage,
        [System + nameof(SystemService.SystemServiceBase.UpgradeAgent)] = PermissionNames.NodesManage,
        [System + nameof(SystemService.SystemServiceBase.ListNetworks)] = PermissionNames.NetworksView,
        [Containers + nameof(ContainerService.ContainerServiceBase.ListContainers)] = PermissionNames.ContainersView,
        [Containers + nameof(ContainerService.ContainerServiceBase.InspectContainer)] = PermissionNames.ContainersView,
        [Containers + nameof(ContainerService.ContainerServiceBase.CreateContainer)] = PermissionNames.ContainersCreate,
        [Containers + nameof(ContainerService.ContainerServiceBase.StartContainer)] = PermissionNames.ContainersStart,
        [Containers + nameof(ContainerService.ContainerServiceBase.StopContainer)] = PermissionNames.ContainersStop,
        [Containers + nameof(ContainerService.ContainerServiceBase.RestartContainer)] = PermissionNames.ContainersRestart,
        [Containers + nameof(ContainerService.ContainerServiceBase.KillContainer)] = PermissionNames.ContainersKill,
        [Containers + nameof(ContainerService.ContainerServiceBase.PauseContainer)] = PermissionNames.ContainersPause,
        [Containers + nameof(ContainerService.ContainerServiceBase.UnpauseContainer)] = PermissionNames.ContainersPause,
        [Containers + nameof(ContainerService.ContainerServiceBase.RenameContainer)] = PermissionNames.ContainersRename,
        [Containers + nameof(ContainerService.ContainerServiceBase.UpdateContainer)] = PermissionNames.ContainersUpdate,
        [Containers + nameof(ContainerService.ContainerServiceBase.RemoveContainer)] = PermissionNames.ContainersRemove,
        [Containers + nameof(ContainerService.ContainerServiceBase.ListProcesses)] = PermissionNames.ContainersView,
        [Containers + nameof(ContainerService.ContainerServiceBase.ReadLogs)] = PermissionNames.ContainersLogs,
        [Containers + nameof(ContainerService.ContainerServiceBase.ReadLogLines)] = PermissionNames.ContainersLogs,
        [Files + nameof(FileService.FileServiceBase.ListChanges)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.StatPath)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.ReadFiles)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.WriteFiles)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.ListFolder)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.ReadFile)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.WriteFile)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.MakeFolder)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.RenameFile)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.MeasureFile)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.RemoveFile)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.ExportContainer)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.CommitContainer)] = PermissionNames.ContainersCommit,
        [Images + nameof(ImageService.ImageServiceBase.ListImages)] = PermissionNames.ImagesView,
        [Images + nameof(ImageService.ImageServiceBase.InspectImage)] = PermissionNames.ImagesView,
        [Images + nameof(ImageService.ImageServiceBase.PullImage)] = PermissionNames.ImagesPull,
        [Images + nameof(ImageService.ImageServiceBase.LoadImages)] = PermissionNames.ImagesLoad,
        [Images + nameof(ImageService.ImageServiceBase.CreateBusyboxImage)] = PermissionNames.ImagesLoad,
        [Images + nameof(ImageService.ImageServiceBase.PushImage)] = PermissionNames.ImagesPush,
        [Images + nameof(ImageService.ImageServiceBase.SaveImages)] = PermissionNames.ImagesSave,
        [Images + nameof(ImageService.ImageServiceBase.PreviewPrune)] = PermissionNames.ImagesView,
        [Images + nameof(ImageService.ImageServiceBase.PruneImages)] = PermissionNames.ImagesRemove,
        [Images + nameof(ImageService.ImageServiceBase.TagImage)] = PermissionNames.ImagesTag,
        [Images + nameof(ImageService.ImageServiceBase.RemoveImage)] = PermissionNames.ImagesRemove,
        [Builds + nameof(BuildService.BuildServiceBase.BuildImage)] = PermissionNames.ImagesBuild,
        [Builds + nameof(BuildService.BuildServiceBase.ListCache)] = PermissionNames.ImagesView,
        [Builds + nameof(BuildService.BuildServiceBase.PreviewCachePrune)] = PermissionNames.ImagesView,
        [Builds + nameof(BuildService.BuildServiceBase.PruneCache)] = PermissionNames.ImagesRemove,
        [Builds + nameof(BuildService.BuildServiceBase.SetCacheLimits)] = PermissionNames.NodesManage,
        [Networks + nameof(NetworkService.NetworkServiceBase.ListNetworks)] = PermissionNames.NetworksView,
        [Networks + nameof(NetworkService.NetworkServiceBase.InspectNetwork)] = PermissionNames.NetworksView,
        [Networks + nameof(NetworkService.NetworkServiceBase.CreateNetwork)] = PermissionNames.NetworksCreate,
        [Networks + nameof(NetworkService.NetworkServiceBase.RemoveNetwork)] = PermissionNames.NetworksRemove,
        [Networks + nameof(NetworkService.NetworkServiceBase.PreviewPrune)] = PermissionNames.NetworksView,
        [Networks + nameof(NetworkService.NetworkServiceBase.PruneNetworks)] = PermissionNames.NetworksRemove,
        [Networks + nameof(NetworkService.NetworkServiceBase.ConnectContainer)] = PermissionNames.NetworksConnect,
        [Networks + nameof(NetworkService.NetworkServiceBase.DisconnectContainer)] = PermissionNames.NetworksConnect,
        [Overlays + nameof(OverlayService.OverlayServiceBase.SyncOverlays)] = PermissionNames.NetworksCreate,
        [Overlays + nameof(OverlayService.OverlayServiceBase.CheckPorts)] = PermissionNames.NetworksView,
        [Registries + nameof(RegistryService.RegistryServiceBase.CheckRegistry)] = PermissionNames.RegistriesManage,
        [Registries + nameof(RegistryService.RegistryServiceBase.SearchRepositories)] = PermissionNames.RegistriesView,
        [Registries + nameof(RegistryService.RegistryServiceBase.ListTags)] = PermissionNames.RegistriesView,
        [Registries + nameof(RegistryService.RegistryServiceBase.ResolveTag)] = PermissionNames.RegistriesView,
        [Storage + nameof(StorageService.StorageServiceBase.CheckStore)] = PermissionNames.NodesManage,
        [Volumes + nameof(VolumeService.VolumeServiceBase.ListVolumes)] = PermissionNames.VolumesView,
        [Volumes + nameof(VolumeService.VolumeServiceBase.InspectVolume)] = PermissionNames.VolumesView,
        [Volumes + nameof(VolumeService.VolumeServiceBase.CreateVolume)] = PermissionNames.VolumesCreate,
        [Volumes + nameof(VolumeService.VolumeServiceBase.RemoveVolume)] = PermissionNames.VolumesRemove,
        [Volumes + nameof(VolumeService.VolumeServiceBase.PreviewPrune)] = PermissionNames.VolumesView,
        [Volumes + nameof(VolumeService.VolumeServiceBase.PruneVolumes)] = PermissionNames.VolumesRemove,
        [Volumes + nameof(VolumeService.VolumeServiceBase.BackupVolume)] = PermissionNames.VolumesBackup,
        [Volumes + nameof(VolumeService.VolumeServiceBase.RestoreVolume)] = PermissionNames.VolumesRestore,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.ListFolder)] = PermissionNames.VolumesFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.StatFile)] = PermissionNames.VolumesFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.ReadFile)] = PermissionNames.VolumesFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.ReadArchive)] = PermissionNames.VolumesFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.WriteFile)] = PermissionNames.VolumesWriteFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.CreateFolder)] = PermissionNames.VolumesWriteFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.RenameFile)] = PermissionNames.VolumesWriteFiles,
        [VolumeFiles + nameof(VolumeFileService.VolumeFileServiceBase.DeleteFile)] = PermissionNames.VolumesWriteFiles,

        // What a request of Docker's API needs besides, its first message tells.
        [Docker + nameof(DockerService.DockerServiceBase.Send)] = PermissionNames.NodesView,
        [StackFiles + nameof(StackFileService.StackFileServiceBase.FindTrees)] = PermissionNames.StacksDeploy,
        [StackFiles + nameof(StackFileService.StackFileServiceBase.PutTree)] = PermissionNames.StacksDeploy,
        [StackFiles + nameof(StackFileService.StackFileServiceBase.PruneTrees)] = PermissionNames.StacksDeploy,
        [Policies + nameof(PolicyService.PolicyServiceBase.SetPolicies)] = PermissionNames.PoliciesManage,
        [Policies + nameof(PolicyService.PolicyServiceBase.CheckImage)] = PermissionNames.ImagesPull,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.OpenConsole)] = PermissionNames.ContainersExec,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.OpenNodeShell)] = PermissionNames.NodesShell,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.ListShells)] = PermissionNames.ContainersExec,

        // Whose console it is decides what more is needed.
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.ListConsoles)] = PermissionNames.NodesView,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.EndConsole)] = PermissionNames.NodesView,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.UpdateConsole)] = PermissionNames.NodesView,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.ListRecordings)] = PermissionNames.ConsolesReplay,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.ReadRecording)] = PermissionNames.ConsolesReplay,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.RemoveRecording)] = PermissionNames.ConsolesReplay,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a request (of a stream of them: its first message) needs besides its method's permission.</summary>
    public static IReadOnlyList<string> Additional(object? request) => request switch
    {
        CreateContainerRequest create => HostAccess.NeededBy(create),
        CreateNetworkRequest create => HostAccess.NeededBy(create),
        SyncOverlaysRequest => [PermissionNames.NetworksRemove],
        CreateVolumeRequest create => HostAccess.NeededBy(create),
        BackupVolumeRequest backup => Handling(backup.Users),
        RestoreVolumeRequest { Target: { } target } => Handling(target.Users),
        _ => [],
    };

    private static string[] Handling(UserHandling handling) => handling switch
    {
        UserHandling.Unspecified => [],
        UserHandling.Pause => [PermissionNames.ContainersPause],
        _ => [PermissionNames.ContainersStop],
    };
}
