using Portal.Engine.Containers.States;
using Portal.Engine.Hosting;

namespace Portal.Engine.Containers.Creation;

/// <summary>Volumes as plain folders: <c>volumes/NAME/_data</c>.</summary>
internal static class VolumeFolders
{
    public static string Root(EngineOptions options) => Path.Combine(options.DataRoot, "volumes");

    /// <summary>Makes what is not there. Idempotent, and done again at each start.</summary>
    public static void Make(IEnumerable<ContainerMount> mounts)
    {
        foreach (var mount in mounts.Where(mount => mount.Type == "volume"))
        {
            Directory.CreateDirectory(mount.Source);
        }
    }

    /// <summary>Removes volumes that were made for one container alone, so far as nobody else uses them.</summary>
    /// <param name="config">The container.</param>
    /// <param name="others">All mounts of other containers.</param>
    public static void RemoveAnonymous(ContainerConfig config, IEnumerable<ContainerMount> others)
    {
        var used = others.Select(mount => mount.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var mount in config.Mounts.Where(mount => config.AnonymousVolumes.Contains(mount.Name)))
        {
            var folder = Path.GetDirectoryName(mount.Source)!;
            if (!used.Contains(mount.Source) && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
