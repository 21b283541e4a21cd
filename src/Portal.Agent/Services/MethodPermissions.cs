using System.Collections.Frozen;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Contracts.Storage.V1;
using Portal.Contracts.System.V1;

namespace Portal.Agent.Services;

/// <summary>Which permission each method needs. A method that is not here is refused to everybody.</summary>
internal static class MethodPermissions
{
    private const string System = "/portal.system.v1.SystemService/";
    private const string Containers = "/portal.containers.v1.ContainerService/";
    private const string Files = "/portal.files.v1.FileService/";
    private const string Images = "/portal.images.v1.ImageService/";
    private const string Registries = "/portal.registries.v1.RegistryService/";
    private const string Storage = "/portal.storage.v1.StorageService/";
    private const string Consoles = "/portal.consoles.v1.ConsoleService/";

    /// <summary>By the method's full name, as it is in the path.</summary>
    public static FrozenDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [System + nameof(SystemService.SystemServiceBase.GetInfo)] = PermissionNames.NodesView,
        [System + nameof(SystemService.SystemServiceBase.Ping)] = PermissionNames.NodesView,
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
        [Files + nameof(FileService.FileServiceBase.ListChanges)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.StatPath)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.ReadFiles)] = PermissionNames.ContainersFiles,
        [Files + nameof(FileService.FileServiceBase.WriteFiles)] = PermissionNames.ContainersFiles,
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
        [Registries + nameof(RegistryService.RegistryServiceBase.CheckRegistry)] = PermissionNames.RegistriesManage,
        [Registries + nameof(RegistryService.RegistryServiceBase.SearchRepositories)] = PermissionNames.RegistriesView,
        [Registries + nameof(RegistryService.RegistryServiceBase.ListTags)] = PermissionNames.RegistriesView,
        [Storage + nameof(StorageService.StorageServiceBase.CheckStore)] = PermissionNames.NodesManage,
        [Consoles + nameof(ConsoleService.ConsoleServiceBase.OpenConsole)] = PermissionNames.ContainersExec,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a request needs besides its method's permission, or null for nothing.</summary>
    public static string? Additional(object? request)
    {
        return request is CreateContainerRequest create && HostAccess.IsAskedBy(create) ? PermissionNames.ContainersHostAccess : null;
    }
}
