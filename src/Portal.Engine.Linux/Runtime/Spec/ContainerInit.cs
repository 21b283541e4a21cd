using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Puts tini before the container's program when it asked for an init.</summary>
internal static class ContainerInit
{
    private const string Destination = "/sbin/docker-init";

    // Static builds only: a dynamic one would look for the host's C library inside the container.
    private static readonly string[] s_candidates =
    [
        "/usr/libexec/docker/docker-init", "/usr/bin/docker-init", "/usr/local/bin/docker-init",
        "/usr/bin/tini-static", "/sbin/tini-static",
    ];

    public static RuntimeContainer Apply(RuntimeContainer container)
    {
        // As Docker: in another's process namespace it would not be process 1, and reap nothing.
        if (!container.Init || container.Pid.Kind != NamespaceKind.Private)
        {
            return container;
        }

        var program = s_candidates.FirstOrDefault(File.Exists) ?? throw EngineException.InvalidArgument(
            "The container asks for an init process, but this host has neither docker-init nor tini-static. Install the package 'tini'.");
        return container with
        {
            Mounts = [.. container.Mounts, new RuntimeMount("bind", program, Destination, ["bind", "ro"])],
            Process = container.Process with { Arguments = [Destination, "--", .. container.Process.Arguments] },
        };
    }
}
