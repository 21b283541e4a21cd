using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>
/// Whose <c>/dev/shm</c> a container has. One that others may join has it as a mount of the host, in its folder, from where they bind it;
/// it goes with the folder.
/// </summary>
internal sealed class SharedMemory(RuntimeLayout layout)
{
    private const string OfHost = "/dev/shm";

    /// <summary>Where on the host the container's <c>/dev/shm</c> is; null when it has none or one of its own that nobody joins.</summary>
    /// <exception cref="EngineException">Conflict: the container to join shares none.</exception>
    public string? PathOf(RuntimeContainer container) => container.Ipc.Kind switch
    {
        NamespaceKind.Host => OfHost,
        NamespaceKind.Shareable => layout.Container(container.Id).Shm,
        NamespaceKind.Container => layout.Container(container.Ipc.Container).ReadRecord()?.ShmPath ?? throw EngineException.Conflict(
            $"can't join IPC of container {container.Ipc.Container}: "
            + "non-shareable IPC (hint: use IpcMode:shareable for the donor container)"),
        _ => null,
    };

    /// <summary>Makes the mount that others may join.</summary>
    public void Prepare(RuntimeContainer container)
    {
        if (container.Ipc.Kind == NamespaceKind.Shareable)
        {
            var path = layout.Container(container.Id).Shm;
            Directory.CreateDirectory(path);
            MountCalls.MountGuarded("tmpfs", path, $"mode=1777,size={container.ShmSize.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}
