using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Files;

/// <summary>A container's mounts in the runtime's terms (mount(8), runtime-spec <c>config.md</c>).</summary>
internal static class RuntimeMounts
{
    private static readonly string[] s_tmpfsDefaults = ["noexec", "nosuid", "nodev"];
    private static readonly string[] s_propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

    /// <summary>Makes the sources that may be missing, as Docker does for binds, and lists the mounts.</summary>
    public static IEnumerable<RuntimeMount> Prepare(IReadOnlyList<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            if (mount.Type != "tmpfs" && !Path.Exists(mount.Source))
            {
                Directory.CreateDirectory(mount.Source);
            }

            yield return mount.Type == "tmpfs" ? Tmpfs(mount) : Bind(mount);
        }
    }

    private static RuntimeMount Bind(ContainerMount mount)
    {
        var propagation = mount.Options.Split(',').LastOrDefault(s_propagations.Contains) ?? "rprivate";
        return new RuntimeMount(
            "bind", mount.Source, mount.Destination, ["rbind", propagation, mount.Writable ? "rw" : "ro"]);
    }

    private static RuntimeMount Tmpfs(ContainerMount mount)
    {
        var own = mount.Options.Split(',', StringSplitOptions.RemoveEmptyEntries);

        // "exec" takes "noexec" away, and so on.
        var kept = s_tmpfsDefaults.Where(option => !own.Contains(option[2..]) && !own.Contains(option));
        return new RuntimeMount("tmpfs", "tmpfs", mount.Destination, [.. kept, .. own]);
    }
}
