using Google.Protobuf.Reflection;
using Portal.Agent.Services;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Contracts.Storage.V1;
using Portal.Contracts.System.V1;

namespace Portal.Agent.Tests.Services;

public sealed class MethodPermissionsTests
{
    private static readonly ServiceDescriptor[] s_services =
    [
        SystemService.Descriptor, ContainerService.Descriptor, ImageService.Descriptor, RegistryService.Descriptor,
        ConsoleService.Descriptor,
        StorageService.Descriptor, FileService.Descriptor,
    ];

    [Fact]
    public void All_EveryMethodOfEveryService_HasItsPermission()
    {
        var methods = s_services.SelectMany(service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}"));
        Assert.Equal(methods.Order(), MethodPermissions.All.Keys.Order());
    }

    [Fact]
    public void All_Permissions_AreKnownNames()
    {
        var known = typeof(PermissionNames).GetFields().Select(field => (string)field.GetValue(null)!).ToHashSet();
        Assert.All(MethodPermissions.All.Values, permission => Assert.Contains(permission, known));
    }

    [Fact]
    public void Additional_PlainContainer_NeedsNothing()
    {
        Assert.Null(MethodPermissions.Additional(new CreateContainerRequest { Image = "busybox", NetworkMode = "bridge" }));
        Assert.Null(MethodPermissions.Additional(new CreateContainerRequest { Image = "busybox", NetworkMode = "none" }));
        Assert.Null(MethodPermissions.Additional(new CreateContainerRequest
        {
            Mounts = { new Mount { Type = "volume", Source = "v", Target = "/v" }, new Mount { Type = "tmpfs", Target = "/t" } },
            IpcMode = "shareable",
            CapabilitiesToAdd = { "CAP_CHOWN", "net_raw" },
            CapabilitiesToDrop = { "ALL" },
            SecurityOptions = { "no-new-privileges" },
            Ulimits = { new Ulimit { Name = "nofile", Soft = 1, Hard = 1 } },
            Sysctls = { ["net.core.somaxconn"] = "1" },
        }));
        Assert.Null(MethodPermissions.Additional(new StartContainerRequest()));
    }

    [Fact]
    public void Additional_WhatReachesTheHost_NeedsHostAccess()
    {
        CreateContainerRequest[] requests =
        [
            new() { Privileged = true },
            new() { Binds = { "/:/host" } },
            new() { NetworkMode = "host" },
            new() { NetworkMode = "HOST" },
            new() { NetworkMode = " host" },
            new() { NetworkMode = "container:other" },
            new() { Mounts = { new Mount { Type = "bind", Source = "/", Target = "/host" } } },
            new() { Mounts = { new Mount { Type = "Bind", Source = "/", Target = "/host" } } },
            new() { PidMode = "host" },
            new() { PidMode = "container:other" },
            new() { IpcMode = "host" },
            new() { UtsMode = "host" },
            new() { Devices = { new DeviceMapping { PathOnHost = "/dev/sda" } } },
            new() { Gpus = -1 },
            new() { CdiDevices = { "vendor.com/class=a" } },
            new() { CapabilitiesToAdd = { "sys_admin" } },
            new() { CapabilitiesToAdd = { "ALL" } },
            new() { SecurityOptions = { "seccomp=unconfined" } },
            new() { SecurityOptions = { "no-new-privileges=false" } },
            new() { Runtime = "other" },
        ];
        Assert.All(
            requests, request => Assert.Equal(PermissionNames.ContainersHostAccess, MethodPermissions.Additional(request)));
    }
}
