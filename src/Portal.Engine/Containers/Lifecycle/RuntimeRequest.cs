using Portal.Engine.Containers.Files;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>A container in the runtime's terms.</summary>
internal static class RuntimeRequest
{
    /// <param name="container">The container.</param>
    /// <param name="root">Its mounted root.</param>
    /// <param name="mounts">Its mounts, with sources that are in place.</param>
    /// <param name="network">Its place on the network, which may not be finished.</param>
    /// <param name="networkOwner">The container whose network it uses: mostly itself.</param>
    /// <param name="linked">The variables of its links.</param>
    /// <param name="userNamespace">Path of its user namespace; null for the host's.</param>
    public static RuntimeContainer Of(
        Container container,
        string root,
        IReadOnlyList<ContainerMount> mounts,
        NetworkBeginning network,
        Container networkOwner,
        IReadOnlyList<string> linked,
        string? userNamespace)
    {
        var spec = container.Spec;
        return new RuntimeContainer
        {
            Id = container.Id,
            RootPath = root,
            Process = new RuntimeProcess
            {
                Arguments = container.Config.Arguments,
                Environment = ContainerEnvironment.Of(spec, networkOwner.Spec.Hostname, spec.Tty, linked),
                WorkingDirectory = string.IsNullOrEmpty(spec.WorkingDirectory) ? "/" : spec.WorkingDirectory,
                User = spec.User ?? "",
                Terminal = spec.Tty,
                Size = spec is { ConsoleColumns: > 0, ConsoleRows: > 0 } ? new TerminalSize(spec.ConsoleColumns, spec.ConsoleRows) : null,
            },
            Hostname = networkOwner.Spec.Hostname ?? "",
            Domainname = spec.Domainname ?? "",
            Ids = container.Config.Ids,
            UserNamespacePath = userNamespace,
            NetworkNamespacePath = network.Planned.NamespacePath,
            Ready = NeedsInterfaces(spec) ? network.Finished : network.HasNamespace,
            Mounts =
            [
                .. RuntimeMounts.Prepare(mounts),

                // On top of what is mounted at /etc.
                .. NetworkFiles.Mounts(container, networkOwner),
            ],
            ReadOnlyRoot = spec.ReadOnlyRoot,
            Privileged = spec.Privileged,
            CapabilitiesToAdd = spec.CapabilitiesToAdd,
            CapabilitiesToDrop = spec.CapabilitiesToDrop,
            SecurityOptions = spec.SecurityOptions,
            Resources = spec.Resources,
            ShmSize = spec.ShmSize == 0 ? 64 * 1024 * 1024 : spec.ShmSize,
            Init = spec.Init,
            LogPath = LogPathOf(container),
            OpenStdin = spec.OpenStdin,
            StdinOnce = spec.StdinOnce,
            Ipc = NamespaceMode.Parse(spec.IpcMode) ?? default,
            Pid = NamespaceMode.Parse(spec.PidMode) ?? default,
            Uts = NamespaceMode.Parse(spec.UtsMode) ?? default,
            Cgroup = spec.CgroupnsMode.Length == 0 ? null : NamespaceMode.Parse(spec.CgroupnsMode),
            CgroupParent = spec.CgroupParent,
            Runtime = spec.Runtime,
            Ulimits = spec.Ulimits,
            Devices = spec.Devices,
            DeviceRequests = spec.DeviceRequests,
            DeviceCgroupRules = spec.DeviceCgroupRules,
            Sysctls = spec.Sysctls,
            GroupAdd = spec.GroupAdd,
            OomScoreAdj = spec.OomScoreAdj,
            MaskedPaths = spec.MaskedPaths,
            ReadonlyPaths = spec.ReadonlyPaths,
            Annotations = spec.Annotations,
        };
    }

    /// <summary>What of it is known before anything is made.</summary>
    public static RuntimeExpectation ExpectationOf(Container container)
    {
        var spec = container.Spec;
        return new RuntimeExpectation(container.Id, spec.Runtime, spec.Tty, spec.OpenStdin, spec.StdinOnce, LogPathOf(container));
    }

    private static string LogPathOf(Container container) =>
        LogDriverOptions.HasFiles(container.Spec.LogDriver) ? container.Folder.Log : "";

    // The runtime sets these, some of them on an interface; hooks of devices may look at any.
    private static bool NeedsInterfaces(ContainerSpec spec) =>
        spec.DeviceRequests.Count > 0 || spec.Sysctls.Keys.Any(name => name.StartsWith("net", StringComparison.Ordinal));
}
