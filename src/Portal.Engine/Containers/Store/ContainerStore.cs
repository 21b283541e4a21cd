using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.States;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Containers.Store;

/// <summary>
/// Containers on disk. A container is there from the moment its <c>config.json</c> is, which is written last; a folder
/// without one is half made or half removed, and is junk.
/// </summary>
internal sealed partial class ContainerStore(
    EngineOptions options,
    IDurableFiles files,
    ILogger<ContainerStore> logger)
{
    private const int MostRounds = 10;
    private readonly string _root = Path.Combine(options.DataRoot, "containers");
    private readonly ILogger<ContainerStore> _logger = logger;
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private readonly List<HalfMadeContainer> _halfMade = [];

    /// <summary>
    /// Containers that <see cref="Load"/> found but could not read. Nothing serves them, and nothing of theirs may be taken for an
    /// orphan's: their files are mended, or the disk's error passes, and then they are there again.
    /// </summary>
    public IReadOnlySet<string> Unreadable => _unreadable;

    /// <summary>What <see cref="Load"/> found of creations and removals that were cut off. Whoever has taken away what is theirs removes them.</summary>
    public IReadOnlyList<HalfMadeContainer> HalfMade => _halfMade;

    public ContainerFolder FolderOf(string containerId) => new(Path.Combine(_root, containerId));

    /// <summary>Makes the folder with the first state in it; the container is not there yet.</summary>
    /// <param name="containerId">Its id.</param>
    /// <param name="record">Its first state.</param>
    /// <param name="anonymousVolumes">Volumes that are made for it alone, and that must not outlive a creation that is cut off.</param>
    public ContainerFolder Begin(string containerId, ContainerRecord record, IReadOnlyList<string> anonymousVolumes)
    {
        Directory.CreateDirectory(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folder = FolderOf(containerId);
        Directory.CreateDirectory(folder.Logs);
        SaveRecord(folder, record, durable: false);
        if (anonymousVolumes.Count > 0)
        {
            files.WriteAtomically(folder.Volumes, Encoding.UTF8.GetBytes(string.Join('\n', anonymousVolumes)), durable: false);
        }

        return folder;
    }

    /// <summary>Makes the container exist.</summary>
    public void Publish(ContainerFolder folder, ContainerConfig config)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(config, ContainerJsonContext.Default.ContainerConfig);

        // One that is removed with its end does not outlive a power cut in any useful way: no need to wait for the disk.
        files.WriteAtomically(folder.Config, content, durable: !config.Spec.AutoRemove);
    }

    public void SaveRecord(ContainerFolder folder, ContainerRecord record, bool durable)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(record, ContainerJsonContext.Default.ContainerRecord);
        files.WriteAtomically(folder.State, content, durable);
    }

    /// <summary>Removes the folder, what makes the container exist first. None may be there: a full disk has room for no folder.</summary>
    public void Remove(ContainerFolder folder)
    {
        if (Directory.Exists(folder.Path))
        {
            // Before it looks like a creation that was cut off: these may be to outlive it.
            File.Delete(folder.Volumes);
            File.Delete(folder.Config);
            RemoveAll(folder.Path);
        }
    }

    /// <summary>
    /// Who sends the log elsewhere writes down how far it came, at any moment and at its end: what comes into the folder while it is being
    /// emptied takes another round, and once the folder is gone nothing comes any more.
    /// </summary>
    private static void RemoveAll(string path)
    {
        for (var round = 1; Directory.Exists(path); round++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (round < MostRounds)
            {
                // The next round finds it, or it is gone.
            }
        }
    }

    /// <summary>All containers; what is half made is in <see cref="HalfMade"/>.</summary>
    public IReadOnlyList<StoredContainer> Load()
    {
        if (!Directory.Exists(_root))
        {
            return [];
        }

        var loaded = new List<StoredContainer>();
        foreach (var path in Directory.EnumerateDirectories(_root))
        {
            var folder = new ContainerFolder(path);
            if (!File.Exists(folder.Config))
            {
                LogJunk(path);
                var volumes = File.Exists(folder.Volumes) ? File.ReadAllLines(folder.Volumes) : [];
                _halfMade.Add(new HalfMadeContainer(Path.GetFileName(path), folder, volumes));
            }
            else if (Read(folder) is { } container)
            {
                loaded.Add(container);
            }
        }

        return loaded;
    }

    private StoredContainer? Read(ContainerFolder folder)
    {
        try
        {
            var config = JsonDefaults.Read(
                File.ReadAllBytes(folder.Config), ConfigDefaults(), ContainerJsonContext.Default.ContainerConfig);
            var record = JsonDefaults.Read(
                File.ReadAllBytes(folder.State),
                new ContainerRecord { Name = config.Id[..12] },
                ContainerJsonContext.Default.ContainerRecord);
            return new StoredContainer(config, record, folder);
        }
        catch (Exception failure) when (failure is JsonException or IOException or ArgumentException)
        {
            // Left where it is, for a person to look at; one broken container must not keep the others down.
            LogUnreadable(failure, folder.Path);
            _unreadable.Add(Path.GetFileName(folder.Path));
            return null;
        }
    }

    private static ContainerConfig ConfigDefaults()
    {
        return new ContainerConfig
        {
            Id = "",
            Created = default,
            ImageId = "",
            Spec = new ContainerSpec { Image = "" },
            Arguments = [],
            Mounts = [],
            AnonymousVolumes = [],
        };
    }
}
