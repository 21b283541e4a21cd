using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Gives what the engine made for a container on the host to the container's root, where that is not the host's.</summary>
internal static class RootOwned
{
    public static void Give(RuntimeContainer container, string sharedMemory, IdMapping ids)
    {
        var made = container.Mounts.Where(mount => mount.BelongsToRoot).Select(mount => mount.Source);
        foreach (var path in container.Ipc.Kind == NamespaceKind.Shareable ? made.Append(sharedMemory) : made)
        {
            using var handle = FileCalls.TryOpenPath(path, OpenFlags.ReadOnly | OpenFlags.NoFollow, out var error);
            error = error == 0 ? FileCalls.TrySetOwner(handle, ids.RootUser, ids.RootGroup) : error;
            if (error != 0)
            {
                throw new FileCallException(error, "set owner", path);
            }
        }
    }
}
