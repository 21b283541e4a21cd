using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Which namespaces a container makes and which it joins (namespaces(7)).</summary>
internal sealed class NamespacePlan(CgroupTree cgroups, RuntimeLayout layout)
{
    public IReadOnlyList<OciNamespace> Of(RuntimeContainer container)
    {
        List<OciNamespace> namespaces = [new("mount")];
        if (container.UserNamespacePath is { } users)
        {
            namespaces.Add(new OciNamespace("user", users));
        }

        if (container.Uts.Kind != NamespaceKind.Host)
        {
            namespaces.Add(new OciNamespace("uts"));
        }

        Add(namespaces, "pid", container.Pid);
        Add(namespaces, "ipc", container.Ipc);
        if (container.NetworkNamespacePath is { } path)
        {
            namespaces.Add(new OciNamespace("network", path));
        }

        // As Docker: private on version 2, the host's on version 1, where a private one breaks older programs.
        var privateCgroup = container.Cgroup is { } mode
            ? mode.Kind == NamespaceKind.Private
            : cgroups.Version == 2 && !container.Privileged;
        if (privateCgroup)
        {
            namespaces.Add(new OciNamespace("cgroup"));
        }

        return namespaces;
    }

    private void Add(List<OciNamespace> namespaces, string type, NamespaceMode mode)
    {
        switch (mode.Kind)
        {
            case NamespaceKind.Host:
                break;
            case NamespaceKind.Container:
                namespaces.Add(new OciNamespace(type, PathOf(type, mode.Container)));
                break;
            default:
                namespaces.Add(new OciNamespace(type));
                break;
        }
    }

    private string PathOf(string type, string containerId)
    {
        // The number may have been used again: only one in the container's cgroup is meant.
        return layout.Container(containerId).ReadPid() is { } processId && cgroups.Contains(containerId, processId)
            ? $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/ns/{type}"
            : throw EngineException.Conflict($"cannot join {type.ToUpperInvariant()} of a non running container: {containerId}");
    }
}
