using Microsoft.Extensions.Logging;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Runtime.Cdi.Model;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>
/// The devices that the specifications of this host name. Read anew at each use, which is at starts of containers that ask for such devices
/// alone: drivers write them whenever hardware comes and goes.
/// </summary>
internal sealed partial class CdiCatalog(EngineOptions options, ILogger<CdiCatalog> logger)
{
    private const int MostFiles = 256;

    /// <summary>Where specifications are looked for.</summary>
    public IReadOnlyList<string> Folders => options.CdiFolders;

    /// <summary>
    /// By the qualified name, <c>vendor.com/class=name</c>. Of one name in two folders the later folder's counts;
    /// twice in one folder it counts as none.
    /// </summary>
    public IReadOnlyDictionary<string, CdiFound> Read()
    {
        var all = new Dictionary<string, CdiFound>(StringComparer.Ordinal);
        foreach (var folder in options.CdiFolders.Where(Directory.Exists))
        {
            var here = new Dictionary<string, CdiFound>(StringComparer.Ordinal);
            var twice = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (spec, device) in ReadFolder(folder))
            {
                var name = $"{spec.Kind}={device.Name}";
                if (!here.TryAdd(name, new CdiFound(spec, device)))
                {
                    twice.Add(name);
                    LogConflict(name, folder);
                }
            }

            foreach (var (name, found) in here)
            {
                all[name] = found;
            }

            foreach (var name in twice)
            {
                all.Remove(name);
            }
        }

        return all;
    }

    private IEnumerable<(CdiSpec Spec, CdiDevice Device)> ReadFolder(string folder)
    {
        var files = Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) is ".json" or ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Take(MostFiles);
        foreach (var file in files)
        {
            foreach (var device in ReadFile(file) is { } spec ? spec.Devices.Select(device => (spec, device)) : [])
            {
                yield return device;
            }
        }
    }

    private CdiSpec? ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length <= CdiSpecReader.MostBytes
                ? CdiSpecReader.Parse(File.ReadAllBytes(path), Path.GetExtension(path) != ".json")
                : throw new FormatException("it is larger than 4 MiB");
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            // One vendor's broken file must not take the devices of the others away.
            LogUnreadable(failure, path);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The CDI specification '{Path}' can't be used")]
    private partial void LogUnreadable(Exception failure, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The CDI device '{Name}' is in '{Folder}' more than once and is not used")]
    private partial void LogConflict(string name, string folder);
}
