using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Engine.Linux.Runtime.Cdi;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Linux.Runtime.Spec.Mounts;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes the OCI specification of a container.</summary>
internal sealed class SpecBuilder(
    CgroupTree cgroups, NamespacePlan namespaces, SharedMemory sharedMemory, CdiDevices cdi, AppArmorProfiles appArmor)
{
    private readonly ulong _heldCapabilities = CapabilitySet.ReadHeld();

    public OciSpec Build(RuntimeContainer original)
    {
        var container = ContainerInit.Apply(original);
        var security = SecurityOptions.Parse(container.SecurityOptions, container.Privileged);
        var capabilities = CapabilitySet.Resolve(
            container.Privileged, container.CapabilitiesToAdd, container.CapabilitiesToDrop, _heldCapabilities);
        var process = ProcessTranslator.Translate(
            container.Process, container.RootPath, capabilities, security.NoNewPrivileges, container.GroupAdd);
        var spec = new OciSpec
        {
            Process = process with
            {
                Rlimits = Rlimits.Translate(container.Ulimits),
                OomScoreAdj = OomScore.Translate(container.OomScoreAdj),
                ApparmorProfile = appArmor.ProfileOf(security.Apparmor, container.Privileged),
            },
            Root = new OciRoot(container.RootPath, container.ReadOnlyRoot),
            Hostname = container.Hostname.Length > 0 && container.Uts.Kind != NamespaceKind.Host ? container.Hostname : null,
            Mounts = DefaultMounts.For(container, sharedMemory.PathOf(container)),
            Annotations = container.Annotations.Count > 0 ? container.Annotations : null,
            Linux = BuildLinux(container, security, capabilities),
        };
        return cdi.Apply(spec, container.DeviceRequests);
    }

    /// <summary>The process of an exec: with the container's own capabilities and limits, or all capabilities.</summary>
    /// <param name="exec">The exec.</param>
    /// <param name="container">The specification that the container runs with.</param>
    /// <param name="groupAdd">Further groups of all processes of the container.</param>
    public OciProcess BuildExec(RuntimeExec exec, OciSpec container, IReadOnlyList<string>? groupAdd)
    {
        var capabilities = exec.Privileged
            ? CapabilitySet.Resolve(privileged: true, [], [], _heldCapabilities)
            : container.Process.Capabilities?.Bounding ?? [];
        var process = ProcessTranslator.Translate(
            exec.Process, container.Root.Path, capabilities, container.Process.NoNewPrivileges && !exec.Privileged, groupAdd);
        return process with
        {
            Cwd = exec.Process.WorkingDirectory.Length > 0 ? process.Cwd : container.Process.Cwd,
            Rlimits = container.Process.Rlimits,
            OomScoreAdj = container.Process.OomScoreAdj,
            
            // As Docker: a privileged exec gets capabilities, and stays in the container's profile.
            ApparmorProfile = container.Process.ApparmorProfile,
        };
    }

    private OciLinux BuildLinux(RuntimeContainer container, SecurityOptions security, IReadOnlyList<string> capabilities)
    {
        var nodes = container.Devices.SelectMany(DeviceNodes.Find).ToList();
        var showsAll = container.Privileged || security.ShowsAllPaths;
        return new OciLinux
        {
            Namespaces = namespaces.Of(container),
            UidMappings = Mappings(container.Ids?.Users),
            GidMappings = Mappings(container.Ids?.Groups),
            Devices = Devices(container, nodes),
            CgroupsPath = cgroups.ContainerPath(container.Id),
            Resources = ResourceTranslator.Translate(container.Resources, Rules(container), cgroups.HasSwapLimit, cgroups.Version),
            RootfsPropagation = MountPropagation.OfRoot(container.Mounts),
            Seccomp = security.Profile is { } profile ? SeccompTranslator.Translate(profile, capabilities) : null,
            MaskedPaths = showsAll ? null : container.MaskedPaths ?? DefaultPaths.Masked,
            ReadonlyPaths = showsAll ? null : container.ReadonlyPaths ?? DefaultPaths.ReadOnly,
            Sysctl = Sysctls(container),
        };
    }

    private static IReadOnlyList<OciIdMapping>? Mappings(IReadOnlyList<IdRange>? ranges) =>
        ranges is null ? null : [.. ranges.Select(range => new OciIdMapping(range.Inside, range.Outside, range.Count))];

    private static IReadOnlyList<OciDevice>? Devices(RuntimeContainer container, IReadOnlyList<OciDevice> nodes)
    {
        // One that is named on purpose counts before the host's of the same path.
        IReadOnlyList<OciDevice> all = container.Privileged ? [.. nodes, .. DeviceRules.HostNodes()] : nodes;
        return all.Count > 0 ? [.. all.DistinctBy(device => device.Path)] : null;
    }

    private static List<OciDeviceRule> Rules(RuntimeContainer container)
    {
        return container.Privileged ? [.. DeviceRules.All] :
        [
            .. DeviceRules.Default,
            .. container.Devices.SelectMany(mapping =>
                DeviceNodes.Find(mapping).Select(device => DeviceNodes.Rule(device, mapping.Permissions))),
            .. container.DeviceCgroupRules.Select(DeviceRuleText.Parse),
        ];
    }

    private static IReadOnlyDictionary<string, string>? Sysctls(RuntimeContainer container)
    {
        var sysctls = new Dictionary<string, string>();
        if (container.Domainname.Length > 0 && !DomainName.IsSetFromOutside(container) && container.Uts.Kind != NamespaceKind.Host)
        {
            sysctls["kernel.domainname"] = container.Domainname;
        }

        if (container.NetworkNamespacePath is not null)
        {
            // As Docker: without privileges a program may listen on any port of its own network and ping. Where ids are mapped not all of
            // these groups exist, and the network has the setting already, from outside.
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
            if (container.Ids is null)
            {
                sysctls["net.ipv4.ping_group_range"] = "0 2147483647";
            }
        }

        foreach (var (name, value) in container.Sysctls)
        {
            sysctls[name] = value;
        }

        return sysctls.Count > 0 ? sysctls : null;
    }
}
