namespace Portal.Engine.Containers.Creation;

/// <summary>
/// Which kernel parameters belong to a namespace (namespaces(7)), so that a container may have values of its own. All others are the whole
/// host's and nobody's to change. The words are runc's, which Docker hands on.
/// </summary>
internal static class SysctlScope
{
    private static readonly string[] s_ipc =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ];

    /// <summary>What is wrong with setting a parameter in this container; null for nothing.</summary>
    public static string? Problem(ContainerSpec spec, string name)
    {
        // Both spellings lead to the same file (sysctl(8)).
        var dotted = name.Replace('/', '.');
        if (s_ipc.Contains(dotted) || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        {
            return spec.IpcMode == "host" ? $"sysctl \"{name}\" is not allowed in the hosts ipc namespace" : null;
        }

        if (dotted.StartsWith("net.", StringComparison.Ordinal))
        {
            return spec.NetworkMode == "host" ? $"sysctl \"{name}\" not allowed in host network namespace" : null;
        }

        return dotted switch
        {
            "kernel.domainname" when spec.UtsMode != "host" => null,
            "kernel.domainname" => $"sysctl \"{name}\" is not allowed in the hosts UTS namespace",
            "kernel.hostname" => $"sysctl \"{name}\" is not allowed as it conflicts with the OCI \"hostname\" field",
            _ => $"sysctl \"{name}\" is not in a separate kernel namespace",
        };
    }
}
