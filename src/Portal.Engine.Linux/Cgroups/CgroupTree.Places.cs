using System.Collections.Concurrent;
using System.Globalization;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Cgroups;

/// <content>
/// Containers whose cgroup is to be elsewhere (<c>--cgroup-parent</c>). Where, is in the container's run folder, from which the next engine
/// reads it.
/// </content>
internal sealed partial class CgroupTree
{
    private const string PlaceName = "cgroup-parent";
    private readonly ConcurrentDictionary<string, string> _places;

    /// <summary>Refuses a parent that is not below the root.</summary>
    /// <exception cref="EngineException">InvalidArgument: it leads elsewhere.</exception>
    public void CheckParent(string parent)
    {
        if (parent.Contains('\0') || parent.Contains('\n') || parent.Split('/').Contains(".."))
        {
            throw EngineException.InvalidArgument($"invalid cgroup parent '{parent}': it must not lead upwards");
        }
    }

    /// <summary>Puts a container's cgroup, which is made later, below another one.</summary>
    /// <param name="id">The container.</param>
    /// <param name="parent">The cgroup, from the root; empty for the instance's own.</param>
    /// <param name="file">Where to write it down.</param>
    public void Place(string id, string parent, string file)
    {
        if (parent.Length > 0)
        {
            var clean = Clean(parent);
            File.WriteAllText(file, clean);
            _places[id] = clean;
        }
    }

    /// <summary>Forgets where the cgroup of a container that is gone was.</summary>
    public void Forget(string id) => _places.TryRemove(id, out _);

    /// <summary>
    /// Gives the cgroups above a container's their share of real-time scheduling, without which the kernel lets none of them have any
    /// (cgroup version 1, <c>cpu.rt_runtime_us</c>).
    /// </summary>
    public void AllowRealtime(string id, long runtimeMicroseconds)
    {
        if (runtimeMicroseconds <= 0 || Version == 2
            || _mounts.Hierarchies.FirstOrDefault(hierarchy => hierarchy.Controllers.Contains("cpu")) is not { } tree)
        {
            return;
        }

        var folder = tree.MountPoint;
        foreach (var name in ParentOf(id).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = Path.Combine(folder, name);
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, "cpu.rt_runtime_us");
            var wanted = runtimeMicroseconds.ToString(CultureInfo.InvariantCulture);
            try
            {
                if (File.Exists(file) && long.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture) < runtimeMicroseconds)
                {
                    File.WriteAllText(file, wanted);
                }
            }
            catch (IOException failure)
            {
                throw new EngineException(
                    EngineErrorKind.InvalidArgument,
                    $"The kernel gives cgroup '{folder}' no {wanted} microseconds of real-time scheduling. Ask for less.",
                    failure);
            }
        }
    }

    private string ParentOf(string id) => _places.GetValueOrDefault(id, _parent);

    /// <summary>Without needless separators; empty for the root.</summary>
    private static string Clean(string parent) =>
        string.Concat(parent.Split('/').Where(part => part is not ("" or ".")).Select(part => "/" + part));

    private static ConcurrentDictionary<string, string> ReadPlaces(string folder)
    {
        var places = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            var file = Path.Combine(container, PlaceName);
            if (File.Exists(file))
            {
                places[Path.GetFileName(container)] = Clean(File.ReadAllText(file));
            }
        }

        return places;
    }
}
