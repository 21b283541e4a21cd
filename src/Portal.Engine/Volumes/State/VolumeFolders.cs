using System.Text;
using System.Text.Json;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Volumes.State;

/// <summary>Volumes on disk: <c>volumes/NAME/_data</c> and <c>volumes/NAME/volume.json</c>.</summary>
/// <remarks>A removal first renames the folder to a name that no volume has, so a volume is there wholly or not at all.</remarks>
internal sealed class VolumeFolders(EngineOptions options, IDurableFiles durable, IVolumeFiles files)
{
    private const long MaximumLength = 1 << 20;
    private const string RemovedPrefix = ".removed-";
    private const string NewPrefix = ".restoring-";
    private static readonly string[] s_asides = ["_new", "_restored"];
    private readonly string _root = RootOf(options);

    private string HoldsRoot => Path.Combine(_root, ".holds");

    public static string RootOf(EngineOptions options) => Path.Combine(options.DataRoot, "volumes");

    public string DataOf(string name) => Path.Combine(_root, name, "_data");

    public bool Exists(string name) => Directory.Exists(DataOf(name));

    /// <summary>True when there is anything of it, also what a making left that was cut off.</summary>
    public bool IsBegun(string name) => VolumeNames.IsValid(name) && Directory.Exists(Path.Combine(_root, name));

    public IEnumerable<string> Names()
    {
        return Directory.Exists(_root)
            ? new DirectoryInfo(_root).EnumerateDirectories().Select(folder => folder.Name)
                .Where(name => VolumeNames.IsValid(name) && Exists(name)).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Null when it can't be read: it is a volume all the same, since its folder is there.</summary>
    public VolumeRecord? Read(string name)
    {
        var file = new FileInfo(RecordOf(name));
        if (!file.Exists || file.Length > MaximumLength)
        {
            return null;
        }

        try
        {
            return JsonDefaults.Read(
                File.ReadAllBytes(file.FullName), new VolumeRecord { Created = default }, VolumeJsonContext.Default.VolumeRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the record, then makes the folder: by that it exists.</summary>
    public void Make(string name, VolumeRecord record)
    {
        Directory.CreateDirectory(Path.Combine(_root, name));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, VolumeJsonContext.Default.VolumeRecord);
        durable.WriteAtomically(RecordOf(name), bytes);
        Directory.CreateDirectory(DataOf(name));
    }

    public DateTimeOffset TimeOf(string name) => Directory.GetCreationTimeUtc(Path.Combine(_root, name));

    /// <summary>True when nothing is in the volume, but for what a restore makes there.</summary>
    public bool IsEmpty(string name, string? placing = null) =>
        Directory.EnumerateFileSystemEntries(DataOf(name)).All(path => Path.GetFileName(path) == placing);

    /// <summary>Writes down which folder a restore makes on the file system that is mounted, before it does.</summary>
    public void NotePlacing(string name, string work) => durable.WriteAtomically(PlacingFileOf(name), Encoding.UTF8.GetBytes(work));

    /// <summary>The folder that a restore made, and has not ended with; null when there is none.</summary>
    public string? PlacingOf(string name)
    {
        var file = PlacingFileOf(name);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    public void EndPlacing(string name) => File.Delete(PlacingFileOf(name));

    /// <summary>A new folder beside the data, on the same file system.</summary>
    public string MakeAside(string name, string asideName = "_new")
    {
        var aside = Path.Combine(_root, name, asideName);
        files.Remove(aside);
        Directory.CreateDirectory(aside);
        return aside;
    }

    /// <summary>A folder with an empty one for data, which becomes a volume by <see cref="Publish"/>.</summary>
    public string BeginNew()
    {
        var folder = Path.Combine(_root, $"{NewPrefix}{Guid.NewGuid():N}");
        Directory.CreateDirectory(DataIn(folder));
        return folder;
    }

    public string DataIn(string folder) => Path.Combine(folder, "_data");

    /// <summary>Gives what <see cref="BeginNew"/> made a name: by that it exists.</summary>
    public void Publish(string folder, string name, VolumeRecord record)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, VolumeJsonContext.Default.VolumeRecord);
        durable.WriteAtomically(Path.Combine(folder, "volume.json"), bytes);
        Directory.Move(folder, Path.Combine(_root, name));
        durable.FlushFolder(_root);
    }

    /// <summary>Where to write down which containers are held.</summary>
    public string NewHold() => Path.Combine(Directory.CreateDirectory(HoldsRoot).FullName, $"{Guid.NewGuid():N}.json");

    public IReadOnlyList<string> Holds() => Directory.Exists(HoldsRoot) ? Directory.GetFiles(HoldsRoot, "*.json") : [];

    /// <summary>Takes a volume's name away; its files go with <see cref="Delete"/>.</summary>
    public string Hide(string name)
    {
        var hidden = Path.Combine(_root, $"{RemovedPrefix}{Guid.NewGuid():N}");
        Directory.Move(Path.Combine(_root, name), hidden);
        return hidden;
    }

    public void Delete(string hidden) => files.Remove(hidden);

    /// <summary>Ends removals that were cut off, and takes away what copies and restores left that were.</summary>
    public void Collect()
    {
        if (Directory.Exists(_root))
        {
            string[] left =
            [
                .. Directory.EnumerateDirectories(_root, RemovedPrefix + "*"), .. Directory.EnumerateDirectories(_root, NewPrefix + "*"),
                .. Names().SelectMany(name => s_asides.Select(aside => Path.Combine(_root, name, aside))).Where(Directory.Exists),
            ];
            foreach (var folder in left)
            {
                files.Remove(folder);
            }

            // What was written beside its place when its writer was killed, and never moved there.
            foreach (var file in Names().SelectMany(name => Directory.EnumerateFiles(Path.Combine(_root, name), ".*.tmp")).ToList())
            {
                File.Delete(file);
            }
        }
    }

    private string PlacingFileOf(string name) => Path.Combine(_root, name, "_placing");

    private string RecordOf(string name) => Path.Combine(_root, name, "volume.json");
}
