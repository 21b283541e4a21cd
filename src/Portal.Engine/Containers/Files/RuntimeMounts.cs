using Portal.Engine.Containers.Mounts;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Files;

/// <summary>A container's mounts in the runtime's terms (mount(8), runtime-spec <c>config.md</c>).</summary>
internal static class RuntimeMounts
{
    private static readonly string[] s_tmpfsDefaults = ["noexec", "nosuid", "nodev"];

    /// <summary>Makes the sources that may be missing, as Docker does for binds, and lists the mounts.</summary>
    /// <exception cref="EngineException">InvalidArgument: a source that must be there is not.</exception>
    public static IEnumerable<RuntimeMount> Prepare(IReadOnlyList<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            var made = false;
            if (mount.Type != "tmpfs" && !Path.Exists(mount.Source))
            {
                if (MountFlags.Has(mount, MountFlags.MustExist))
                {
                    throw EngineException.InvalidArgument(
                        $"invalid mount config for type \"bind\": bind source path does not exist: {mount.Source}");
                }

                Directory.CreateDirectory(mount.Source);
                made = true;
            }

            yield return mount.Type == "tmpfs" ? Tmpfs(mount) : Bind(mount) with { BelongsToRoot = made };
        }
    }

    private static RuntimeMount Bind(ContainerMount mount)
    {
        // "rro" makes what is mounted below read-only too; the runtime's part falls back to "ro" on kernels that can't.
        var access = mount.Writable ? "rw"
            : MountFlags.Has(mount, MountFlags.ReadOnlyNonRecursive) || MountFlags.Has(mount, MountFlags.NonRecursive) ? "ro"
            : "rro";

        // crun takes a propagation that goes downwards for a bind that does: one without the "r" says the same where nothing is below.
        var flat = MountFlags.Has(mount, MountFlags.NonRecursive);
        var propagation = flat ? Propagation.Of(mount).TrimStart('r') : Propagation.Of(mount);
        return new RuntimeMount("bind", mount.Source, mount.Destination, [flat ? "bind" : "rbind", propagation, access])
        {
            MayStayPrivate = MountFlags.Has(mount, MountFlags.HoldsEngine),
        };
    }

    private static RuntimeMount Tmpfs(ContainerMount mount)
    {
        var own = mount.Options.Split(',', StringSplitOptions.RemoveEmptyEntries);

        // "exec" takes "noexec" away, and so on.
        var kept = s_tmpfsDefaults.Where(option => !own.Contains(option[2..]) && !own.Contains(option));
        return new RuntimeMount("tmpfs", "tmpfs", mount.Destination, [.. kept, .. own]);
    }
}
