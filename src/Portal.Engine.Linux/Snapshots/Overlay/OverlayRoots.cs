using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Snapshots;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>The containers' roots: a folder each with the writable layer, overlayfs's work folder and the mount point.</summary>
internal sealed class OverlayRoots : IDisposable
{
    private const string RecordName = "root.json";
    private const string MergedName = "merged";
    private readonly OverlayPaths _paths;
    private readonly LayerTable _layers;
    private readonly Trash _trash;
    private readonly IDurableFiles _files;
    private readonly MappedOverlay _mapped;
    private readonly bool _isOwnMount;

    public OverlayRoots(OverlayPaths paths, LayerTable layers, Trash trash, IDurableFiles files, MappedOverlay mapped)
    {
        _mapped = mapped;
        _paths = paths;
        _layers = layers;
        _trash = trash;
        _files = files;

        // A mount of which other namespaces got a copy can't be removed here, so none may be passed on. All of the snapshotter's folders
        // are beneath this mount, since rename(2) does not work across two.
        if (!IsMounted(paths.Root))
        {
            MountCalls.MakePrivateMount(paths.Root);
            _isOwnMount = true;
        }
    }

    /// <summary>
    /// Takes the mount of all folders away where this engine made it and no root is mounted: one that fails at its start, or that stops
    /// without a container, leaves no mount behind.
    /// </summary>
    public void Dispose()
    {
        if (_isOwnMount)
        {
            MountCalls.UnmountIdle(_paths.Root);
        }
    }

    /// <summary>The topmost layers that roots stand on; all layers while the record of a root can't be read.</summary>
    public IReadOnlySet<string> UsedChainIds()
    {
        var used = new HashSet<string>();
        foreach (var id in List())
        {
            try
            {
                if (TryRead(id)?.ChainId is { } chainId)
                {
                    used.Add(chainId);
                }
            }
            catch (Exception failure) when (failure is JsonException or IOException)
            {
                // It may stand on any of them. A check tells of it, and it goes with its container.
                used.UnionWith(_layers.All.Keys);
            }
        }

        return used;
    }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateDirectories(_paths.Roots).Select(Path.GetFileName).OfType<string>()];

    /// <summary>Why a root can't be mounted, as a sentence; null when it can.</summary>
    public string? FindProblem(string id)
    {
        RootRecord? root;
        try
        {
            root = TryRead(id);
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return $"The record of the root of container '{id}' can't be read: {failure.Message}";
        }

        if (root is null)
        {
            return Directory.Exists(Folder(id)) ? $"The root of container '{id}' has no record. Remove the container." : null;
        }

        var lowest = root.ChainId is null ? null : _layers.Lineage(root.ChainId).LastOrDefault();
        var isWhole = root.ChainId is null || (lowest is not null && _layers.Get(lowest).Parent is null);
        return isWhole
            ? null
            : $"The root of container '{id}' stands on a layer that is gone. Pull or load its image again, or remove the container.";
    }

    public void Prepare(string id, string? chainId, IdMapping? ids)
    {
        if (TryRead(id) is { } present)
        {
            if (present.ChainId != chainId)
            {
                throw new EngineException(
                    EngineErrorKind.AlreadyExists, $"Container '{id}' has a root on the layer {present.ChainId ?? "none"} already.");
            }

            return;
        }

        var top = chainId is null ? null : _layers.Chain(chainId)[0];
        var staging = Path.Combine(_paths.Staging, $"root-{id}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(Path.Combine(staging, "work"));
        Directory.CreateDirectory(Path.Combine(staging, MergedName));
        MakeUpper(Path.Combine(staging, "upper"), top);
        var content = JsonSerializer.SerializeToUtf8Bytes(new RootRecord(chainId, ids), OverlayJson.Default.RootRecord);
        _files.WriteAtomically(Path.Combine(staging, RecordName), content, durable: false);
        Directory.Move(staging, Folder(id));
    }

    public string Mount(string id)
    {
        var root = Read(id);
        var folder = Folder(id);
        var target = TargetOf(id, root);
        if (IsMountedAt(target))
        {
            return target;
        }

        var chain = _layers.Chain(root.ChainId);
        var lower = chain.Count == 0 ? _paths.Empty : string.Join(':', chain.Select(LayerTable.RelativeDiff));

        // Redirects and metadata copies would tie the upper folder to these very layers; commit and diff want plain files there.
        const string Plain = "index=off,redirect_dir=nofollow,metacopy=off";
        var (upper, work) = (Escape(Path.Combine(folder, "upper")), Escape(Path.Combine(folder, "work")));
        var options = $"lowerdir={lower},upperdir={upper},workdir={work},{Plain}";
        try
        {
            if (root.Ids is { } ids)
            {
                _mapped.Mount(id, folder, chain.Count == 0 ? "" : lower, Plain, ids);
                return target;
            }

            MountCalls.Mount("overlay", target, options, _paths.Layers);
        }
        catch (FileCallException failure)
        {
            throw new EngineException(
                EngineErrorKind.Internal,
                $"Mounting the root of container '{id}' on {chain.Count} layers failed. Is overlayfs in this kernel, and '{_paths.Root}' "
                + "on a file system that it can use (ext4, xfs)?",
                failure);
        }

        return target;
    }

    public bool IsMountedRoot(string id) => TryRead(id) is { } root && IsMountedAt(TargetOf(id, root));

    /// <summary>Whom a root's mount shows as owners; null for those that the disk has.</summary>
    public IdMapping? IdsOf(string id) => Read(id).Ids;

    public void Unmount(string id)
    {
        MountCalls.Unmount(Path.Combine(Folder(id), MergedName));
        _mapped.Unmount(id);
    }

    /// <summary>
    /// Takes the root out of sight; the caller empties the trash. A mount goes along and away there: overlayfs writes the whole file system
    /// below it back to the disk at that, for which nobody has to wait whose root is not wanted any more.
    /// </summary>
    public void Discard(string id)
    {
        if (Directory.Exists(Folder(id)))
        {
            _mapped.Unmount(id);
            Directory.Move(Folder(id), _trash.NewPath($"root-{id}"));
        }
    }

    /// <summary>Takes away what is mounted in a root that was discarded, or in a layer, which has nothing.</summary>
    /// <exception cref="FileCallException">The kernel does not let us.</exception>
    public static void Release(string discarded) => MountCalls.Unmount(Path.Combine(discarded, MergedName));

    /// <summary>The topmost layer beneath a root, or null.</summary>
    public string? ChainOf(string id) => Read(id).ChainId;

    /// <summary>The writable folder of a root.</summary>
    public string UpperOf(string id)
    {
        _ = Read(id);
        return Path.Combine(Folder(id), "upper");
    }

    /// <summary>Where the root's parts are, in Docker's words.</summary>
    public IReadOnlyDictionary<string, string> FoldersOf(string id)
    {
        var root = Read(id);
        var folder = Folder(id);
        var lower = root.ChainId is null ? [] : _layers.Lineage(root.ChainId)
            .Select(layer => _layers.All.GetValueOrDefault(layer))
            .OfType<LayerRecord>()
            .Select(_layers.DiffPath)
            .ToList();
        return new Dictionary<string, string>
        {
            ["LowerDir"] = lower.Count == 0 ? _paths.Empty : string.Join(':', lower),
            ["MergedDir"] = TargetOf(id, root),
            ["UpperDir"] = Path.Combine(folder, "upper"),
            ["WorkDir"] = Path.Combine(folder, "work"),
        };
    }

    /// <summary>Walks the writable folder; what is below is known.</summary>
    public RootUsage Measure(string id, CancellationToken cancellationToken)
    {
        try
        {
            var layers = ChainOf(id) is { } chainId ? _layers.Lineage(chainId) : [];
            using var upper = FileCalls.OpenFolder(UpperOf(id));
            var written = FolderTree.Measure(UpperOf(id), cancellationToken) - MountPoints.SizeIn(upper);
            return new RootUsage(
                Math.Max(0, written), layers.Sum(layer => _layers.All.GetValueOrDefault(layer)?.Size ?? 0));
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            throw Directory.Exists(Folder(id))
                ? new EngineException(
                    EngineErrorKind.Internal, $"Counting the bytes that container '{id}' wrote failed: {failure.Message}", failure)
                : Missing(id);
        }
    }

    private string TargetOf(string id, RootRecord root) => root.Ids is null ? Path.Combine(Folder(id), MergedName) : _mapped.TargetOf(id);

    private static bool IsMountedAt(string target) => Directory.Exists(target) && IsMounted(target);

    private static bool IsMounted(string target)
    {
        using var handle = FileCalls.OpenFolder(target);
        return FileCalls.Stat(handle, target).IsMountRoot;
    }

    // A comma separates options, a colon separates lower folders, a backslash escapes both (Documentation/filesystems/overlayfs.rst).
    internal static string Escape(string path) => path.Replace("\\", "\\\\").Replace(",", "\\,").Replace(":", "\\:");

    private string Folder(string id)
    {
        var isPlain = id.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(id[0])
            && id.All(digit => char.IsAsciiLetterOrDigit(digit) || digit is '_' or '-' or '.');
        return isPlain
            ? Path.Combine(_paths.Roots, id)
            : throw EngineException.InvalidArgument($"'{id}' is no container id.");
    }

    private void MakeUpper(string upper, LayerRecord? top)
    {
        Directory.CreateDirectory(upper);
        using var handle = FileCalls.OpenFolder(upper);
        if (top is null)
        {
            FileCalls.TrySetMode(handle, 0x1ED); // 0755
            return;
        }

        // The root folder of the container is the upper one: it gets the owner and mode that the image gave it.
        using var source = FileCalls.OpenFolder(_layers.DiffPath(top));
        var stat = FileCalls.Stat(source, upper);
        var error = FileCalls.TrySetOwner(handle, stat.UserId, stat.GroupId);
        error = error == 0 ? FileCalls.TrySetMode(handle, (uint)(stat.Mode & 0xFFF)) : error;
        if (error != 0)
        {
            throw new FileCallException(error, "set owner and mode", upper);
        }
    }

    private RootRecord Read(string id) =>
        TryRead(id) ?? throw Missing(id);

    private static EngineException Missing(string id) => EngineException.NotFound($"Container '{id}' has no root file system.");

    private RootRecord? TryRead(string id)
    {
        var path = Path.Combine(Folder(id), RecordName);
        return File.Exists(path)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(path), OverlayJson.Default.RootRecord)
            : null;
    }
}
