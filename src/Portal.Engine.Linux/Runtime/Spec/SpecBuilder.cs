using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes the OCI specification of a container.</summary>
internal sealed class SpecBuilder(CgroupTree cgroups)
{
    private readonly ulong _heldCapabilities = CapabilitySet.ReadHeld();

    public OciSpec Build(RuntimeContainer original)
    {
        var container = ContainerInit.Apply(original);
        var security = SecurityOptions.Parse(container);
        var capabilities = CapabilitySet.Resolve(
            container.Privileged, container.CapabilitiesToAdd, container.CapabilitiesToDrop, _heldCapabilities);
        return new OciSpec
        {
            Process = ProcessTranslator.Translate(container.Process, container.RootPath, capabilities, security.NoNewPrivileges),
            Root = new OciRoot(container.RootPath, container.ReadOnlyRoot),
            Hostname = container.Hostname.Length > 0 ? container.Hostname : null,
            Mounts = DefaultMounts.For(container),
            Annotations = container.Annotations.Count > 0 ? container.Annotations : null,
            Linux = BuildLinux(container, security, capabilities),
        };
    }

    /// <summary>The process of an exec: with the container's own capabilities, or all.</summary>
    /// <param name="exec">The exec.</param>
    /// <param name="container">The specification that the container runs with.</param>
    public OciProcess BuildExec(RuntimeExec exec, OciSpec container)
    {
        var capabilities = exec.Privileged
            ? CapabilitySet.Resolve(privileged: true, [], [], _heldCapabilities)
            : container.Process.Capabilities?.Bounding ?? [];
        var process = ProcessTranslator.Translate(
            exec.Process, container.Root.Path, capabilities, container.Process.NoNewPrivileges && !exec.Privileged);
        return process with { Cwd = exec.Process.WorkingDirectory.Length > 0 ? process.Cwd : container.Process.Cwd };
    }

    private OciLinux BuildLinux(RuntimeContainer container, SecurityOptions security, IReadOnlyList<string> capabilities)
    {
        var devices = container.Privileged ? DeviceRules.All : DeviceRules.Default;
        return new OciLinux
        {
            Namespaces = Namespaces(container),
            Devices = container.Privileged ? DeviceRules.HostNodes() : null,
            CgroupsPath = cgroups.ContainerPath(container.Id),
            Resources = ResourceTranslator.Translate(container.Resources, devices, cgroups.HasSwapLimit),
            Seccomp = security.Profile is { } profile ? SeccompTranslator.Translate(profile, capabilities) : null,
            MaskedPaths = container.Privileged ? null : DefaultPaths.Masked,
            ReadonlyPaths = container.Privileged ? null : DefaultPaths.ReadOnly,
            Sysctl = Sysctls(container),
        };
    }

    private List<OciNamespace> Namespaces(RuntimeContainer container)
    {
        List<OciNamespace> namespaces = [new("mount"), new("uts"), new("pid"), new("ipc")];
        if (container.NetworkNamespacePath is { } path)
        {
            namespaces.Add(new OciNamespace("network", path));
        }

        // As Docker: private on version 2, the host's on version 1, where a private one breaks older programs.
        if (cgroups.Version == 2 && !container.Privileged)
        {
            namespaces.Add(new OciNamespace("cgroup"));
        }

        return namespaces;
    }

    private static IReadOnlyDictionary<string, string>? Sysctls(RuntimeContainer container)
    {
        var sysctls = new Dictionary<string, string>();
        if (container.Domainname.Length > 0)
        {
            sysctls["kernel.domainname"] = container.Domainname;
        }

        if (container.NetworkNamespacePath is not null)
        {
            // As Docker: without privileges a program may listen on any port of its own network and ping.
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
            sysctls["net.ipv4.ping_group_range"] = "0 2147483647";
        }

        return sysctls.Count > 0 ? sysctls : null;
    }
}
