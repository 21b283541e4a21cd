using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Joining;

/// <summary>The containers whose namespaces one joins: at its start they must run.</summary>
internal static class JoinedContainers
{
    /// <exception cref="EngineException">Conflict: one does not run; in Docker's words.</exception>
    public static void Check(ContainerSpec spec, ContainerRegistry registry)
    {
        Check(spec.PidMode, "PID", registry);
        Check(spec.IpcMode, "IPC", registry);
    }

    private static void Check(string mode, string what, ContainerRegistry registry)
    {
        if (NamespaceMode.Parse(mode) is { Kind: NamespaceKind.Container } other
            && registry.Find(other.Container) is not { IsRunning: true })
        {
            throw EngineException.Conflict($"cannot join {what} of a non running container: {other.Container}");
        }
    }
}
