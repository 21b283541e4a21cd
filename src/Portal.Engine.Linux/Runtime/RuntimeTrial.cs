using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.Invoking;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime;

/// <summary>Tries a runtime with a container that has nothing in it: one that works gets as far as missing the program.</summary>
internal static class RuntimeTrial
{
    private const string Program = "/portal-trial";

    /// <returns>Null when the runtime works, else its own words.</returns>
    /// <exception cref="EngineException">Unavailable: the host lacks what it takes to run it.</exception>
    /// <exception cref="IOException">It can't be run.</exception>
    public static async Task<string?> RunAsync(
        OciRuntime runtime, Invocations invocations, RuntimeLayout layout, CgroupTree cgroups, CancellationToken cancellationToken)
    {
        var id = "trial-" + Guid.NewGuid().ToString("N");
        var bundle = Path.Combine(layout.Probe, id);
        try
        {
            Directory.CreateDirectory(Path.Combine(bundle, "rootfs"));
            var spec = Spec(cgroups.ContainerPath(id), Path.Combine(bundle, "rootfs"));
            var config = JsonSerializer.SerializeToUtf8Bytes(spec, OciJson.Default.OciSpec);
            await File.WriteAllBytesAsync(Path.Combine(bundle, "config.json"), config, cancellationToken).ConfigureAwait(false);
            var result = await invocations.RunAsync(
                runtime, ["--root", layout.State, "run", "--bundle", bundle, id], cancellationToken).ConfigureAwait(false);
            var reached = result.Error.Contains(Program, StringComparison.Ordinal);
            return reached ? null : result.Error.Trim();
        }
        finally
        {
            Directory.Delete(layout.Probe, recursive: true);
            await invocations.RunAsync(
                runtime, ["--root", layout.State, "delete", "--force", id], CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static OciSpec Spec(string cgroup, string root) => new()
    {
        Process = new OciProcess { User = new OciUser(0, 0, []), Args = [Program], Env = [], Cwd = "/" },
        Root = new OciRoot(root, false),
        Mounts =
        [
            new OciMount("/proc", "proc", "proc", []),

            // Where systemd mounts /run, no device below it can be opened (nodev), and the runtime opens /dev/null. crun does not even
            // begin without one.
            new OciMount("/dev", "tmpfs", "tmpfs", ["nosuid", "mode=755"]),
        ],
        Linux = new OciLinux
        {
            Namespaces = [new OciNamespace("mount"), new OciNamespace("pid")],
            CgroupsPath = cgroup,
            Resources = new OciResources(),
        },
    };
}
