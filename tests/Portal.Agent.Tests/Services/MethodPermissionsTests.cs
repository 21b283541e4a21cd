using Google.Protobuf.Reflection;
using Portal.Agent.Services;
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

namespace Portal.Agent.Tests.Services;

public sealed class MethodPermissionsTests
{
    private static readonly ServiceDescriptor[] s_services =
    [
        SystemService.Descriptor, ContainerService.Descriptor, ImageService.Descriptor, RegistryService.Descriptor,
        ConsoleService.Descriptor, DockerService.Descriptor,
        StorageService.Descriptor, FileService.Descriptor, VolumeService.Descriptor, VolumeFileService.Descriptor,
        BuildService.Descriptor,
        NetworkService.Descriptor, OverlayService.Descriptor, StackFileService.Descriptor, PolicyService.Descriptor,
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
        Assert.Empty(MethodPermissions.Additional(new CreateContainerRequest { Image = "busybox", NetworkMode = "bridge" }));
        Assert.Empty(MethodPermissions.Additional(new CreateContainerRequest { Image = "busybox", NetworkMode = "none" }));
        Assert.Empty(MethodPermissions.Additional(new CreateContainerRequest
        {
            Mounts = { new Mount { Type = "volume", Source = "v", Target = "/v" }, new Mount { Type = "tmpfs", Target = "/t" } },
            IpcMode = "shareable",
            CapabilitiesToAdd = { "CAP_CHOWN", "net_raw" },
            CapabilitiesToDrop = { "ALL" },
            SecurityOptions = { "no-new-privileges", "label=disable", "seccomp=builtin" },
            Ulimits = { new Ulimit { Name = "nofile", Soft = 1, Hard = 1 } },
            Sysctls = { ["net.core.somaxconn"] = "1" },
        }));
        Assert.Empty(MethodPermissions.Additional(new StartContainerRequest()));
    }

    [Fact]
    public void Additional_NetworkWithinItsBridge_NeedsNothing()
    {
        Assert.Empty(MethodPermissions.Additional(new CreateNetworkRequest
        {
            Name = "n",
            Driver = "bridge",
            Subnets = { new SubnetConfig { Subnet = "10.9.0.0/24" } },
            Options = { ["com.docker.network.driver.mtu"] = "1400" },
        }));
    }

    [Fact]
    public void Additional_NetworkThatReachesTheHosts_NeedsHostAccess()
    {
        CreateNetworkRequest[] requests =
        [
            new() { Driver = "macvlan" },
            new() { Driver = "BRIDGE" },
            new() { ConfigFrom = "other" },
            new() { Subnets = { new SubnetConfig { Subnet = "8.8.8.0/24" } } },
            new() { Subnets = { new SubnetConfig { Subnet = "0.0.0.0/0" } } },
            new() { Subnets = { new SubnetConfig { Subnet = "2001:db8::/64" } } },
            new() { Options = { ["parent"] = "eth0" } },
            new() { Options = { ["com.docker.network.bridge.name"] = "docker0" } },
            new() { Options = { ["com.docker.network.bridge.gateway_mode_ipv4"] = "nat-unprotected" } },
        ];
        Assert.All(requests, request => Assert.Contains(PermissionNames.ContainersHostAccess, MethodPermissions.Additional(request)));
    }

    [Fact]
    public void Additional_WhatReachesTheHost_NeedsThePermissionOfItsOwn()
    {
        (string Needed, CreateContainerRequest[] Requests)[] rows =
        [
            (PermissionNames.ContainersPrivileged, [new() { Privileged = true }]),
            (PermissionNames.ContainersHostPaths,
            [
                new() { Binds = { "/:/host" } },
                new() { Mounts = { new Mount { Type = "bind", Source = "/", Target = "/host" } } },
                new() { Mounts = { new Mount { Type = "Bind", Source = "/", Target = "/host" } } },
            ]),
            (PermissionNames.ContainersHostNamespaces,
            [
                new() { NetworkMode = "host" },
                new() { NetworkMode = "HOST" },
                new() { NetworkMode = " host" },
                new() { NetworkMode = "container:other" },
                new() { PidMode = "host" },
                new() { PidMode = "container:other" },
                new() { IpcMode = "host" },
                new() { UtsMode = "host" },
                new() { UsernsMode = "host" },
                new() { UsernsMode = "HOST" },
                new() { UsernsMode = "auto:uidmapping=0:0:1" },
            ]),
            (PermissionNames.ContainersDevices,
            [
                new() { Devices = { new DeviceMapping { PathOnHost = "/dev/sda" } } },
                new() { Gpus = -1 },
                new() { CdiDevices = { "vendor.com/class=a" } },
            ]),
            (PermissionNames.ContainersCapabilities,
                [new() { CapabilitiesToAdd = { "sys_admin" } }, new() { CapabilitiesToAdd = { "ALL" } }]),
            (PermissionNames.ContainersHostAccess,
            [
                new() { SecurityOptions = { "seccomp=unconfined" } },
                new() { SecurityOptions = { "no-new-privileges=false" } },
                new() { SecurityOptions = { "apparmor=unconfined" } },
                new() { SecurityOptions = { "label" } },
                new() { Runtime = "other" },
            ]),
        ];
        foreach (var (needed, requests) in rows)
        {
            Assert.All(requests, request => Assert.Equal([needed], MethodPermissions.Additional(request)));
        }
    }

    [Fact]
    public void Additional_SeveralWaysToTheHost_NeedEachOfThem()
    {
        var request = new CreateContainerRequest
        {
            Privileged = true,
            Binds = { "/:/host" },
            PidMode = "host",
            CapabilitiesToAdd = { "ALL" },
        };

        Assert.Equal(
            [
                PermissionNames.ContainersPrivileged, PermissionNames.ContainersHostPaths, PermissionNames.ContainersHostNamespaces,
                PermissionNames.ContainersCapabilities,
            ],
            MethodPermissions.Additional(request));
    }

    [Theory]
    [InlineData("o", "bind")]
    [InlineData("o", "ro,RBIND")]
    [InlineData("device", "/etc")]
    [InlineData("Device", " /etc")]
    public void Additional_VolumeThatBindsAPath_NeedsHostPathsToo(string name, string value)
    {
        var needed = MethodPermissions.Additional(new CreateVolumeRequest { Options = { ["type"] = "none", [name] = value } });

        Assert.Contains(PermissionNames.ContainersHostPaths, needed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("auto")]
    public void Additional_IdsThatTheNodeChooses_NeedNothing(string mode) =>
        Assert.Empty(MethodPermissions.Additional(new CreateContainerRequest { UsernsMode = mode }));

    [Fact]
    public void Additional_VolumeWithinTheNode_NeedsNothing()
    {
        Assert.Empty(MethodPermissions.Additional(new CreateVolumeRequest { Name = "v" }));
        Assert.Empty(MethodPermissions.Additional(Tmpfs("size=10m,mode=0700,uid=1000")));
    }

    [Fact]
    public void Additional_VolumeThatReachesTheHost_NeedsHostAccess()
    {
        CreateVolumeRequest[] requests =
        [
            Tmpfs(""), Tmpfs("mode=0700"), Tmpfs("size=100%"), Tmpfs("size=1m,size=100%"), Tmpfs("size=1m,bind"), Tmpfs("bind,size=1m"),
            Tmpfs("size=1m,suid"),
            new() { Options = { ["type"] = "none", ["o"] = "bind", ["device"] = "/" } },
            new() { Options = { ["type"] = "nfs", ["o"] = "addr=10.0.0.1", ["device"] = ":/" } },
            new() { Options = { ["type"] = "TMPFS", ["o"] = "size=1m" } },
            new() { Options = { ["o"] = "size=1m" } },
            new() { Options = { ["type"] = "tmpfs" } },
            new() { Options = { ["type"] = "tmpfs", ["o"] = "size=1m", ["Type"] = "none" } },
            new() { Options = { ["size"] = "1m" } },
        ];
        Assert.All(requests, request => Assert.Contains(PermissionNames.ContainersHostAccess, MethodPermissions.Additional(request)));
    }

    [Fact]
    public void Additional_PausingOrStoppingUsers_NeedsItsPermission()
    {
        Assert.Empty(MethodPermissions.Additional(new BackupVolumeRequest { Volume = "v" }));
        var pausing = new BackupVolumeRequest { Users = UserHandling.Pause };
        Assert.Equal([PermissionNames.ContainersPause], MethodPermissions.Additional(pausing));
        Assert.Equal([PermissionNames.ContainersStop], MethodPermissions.Additional(new BackupVolumeRequest { Users = UserHandling.Stop }));
        Assert.Equal(
            [PermissionNames.ContainersStop],
            MethodPermissions.Additional(new RestoreVolumeRequest { Target = new RestoreTarget { Users = UserHandling.Stop } }));
    }

    private static CreateVolumeRequest Tmpfs(string options) =>
        new() { Options = { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = options } };
}
