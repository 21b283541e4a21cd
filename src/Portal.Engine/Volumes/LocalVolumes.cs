using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.Mounts;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Volumes;

/// <summary>Volumes as folders, plain or with something mounted on them.</summary>
/// <remarks>
/// Whether a volume is used, and its end, are decided under one lock with the holds of containers that are being made: so no
/// container comes to a volume that is going away.
/// </remarks>
internal sealed partial class LocalVolumes(
    EngineOptions options,
    VolumeFolders folders,
    VolumeSizes sizes,
    IVolumeFiles files,
    IVolumeMounter mounter,
    IVolumePlacing placing,
    IVolumeUsers users,
    IEngineEvents events,
    TimeProvider time) : IVolumes
{
    private static readonly string[] s_localNames = ["", "local"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _holds = new(StringComparer.Ordinal);

    public Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = string.IsNullOrEmpty(request.Name) ? VolumeNames.Next() : request.Name;
        if (!VolumeNames.IsValid(name))
        {
            throw EngineException.InvalidArgument($"create {name}: {VolumeNames.Problem(name)}");
        }

        if (!s_localNames.Contains(request.Driver))
        {
            throw EngineException.NotFound(
                $"create {name}: error looking up volume plugin {request.Driver}: plugin \"{request.Driver}\" not found");
        }

        CheckOptions(name, request.Options);
        var labels = new Dictionary<string, string>(request.Labels);
        if (string.IsNullOrEmpty(request.Name))
        {
            labels[VolumeInfo.AnonymousLabel] = "";
        }

        lock (_lock)
        {
            Make(name, labels, request.Options);
            return Task.FromResult(Describe(name));
        }
    }

    public Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<VolumeInfo>>(folders.Names().Select(Describe).ToList());
        }
    }

    public Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            CheckExists(name);
            return Task.FromResult(Describe(name));
        }
    }

    public async Task<VolumeSize?> MeasureAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckExists(name);
        return OptionsOf(name) is null ? await sizes.MeasureAsync(name, cancellationToken).ConfigureAwait(false) : null;
    }

    public async Task<IReadOnlyList<VolumeInfo>> ListWithSizesAsync(CancellationToken cancellationToken = default)
    {
        var all = await ListAsync(cancellationToken).ConfigureAwait(false);
        var plain = all.Where(volume => volume.Options.Count == 0).Select(volume => volume.Name);
        await sizes.AskAsync(plain, s_patience, cancellationToken).ConfigureAwait(false);
        return all.Select(volume => volume with { Size = sizes.Find(volume.Name) }).ToList();
    }

    public Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        string hidden;
        lock (_lock)
        {
            CheckExists(name);
            CheckIdle(name);
            if (UsersOf(name) is { Count: > 0 } found)
            {
                throw EngineException.Conflict($"remove {name}: volume is in use - [{string.Join(", ", found)}]");
            }

            hidden = Hide(name);
        }

        return Task.Run(() => folders.Delete(hidden), CancellationToken.None);
    }

    public async Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selects);
        var names = new List<string>();
        long bytes = 0;
        foreach (var volume in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (selects(volume) && TryHideUnused(volume.Name) is { } hidden)
            {
                bytes += await Task.Run(() => MeasureAndDelete(hidden), CancellationToken.None).ConfigureAwait(false);
                names.Add(volume.Name);
            }
        }

        events.PublishPrune(EngineEventType.Volume, bytes);
        return new VolumesPruned(names, bytes);
    }

    private long MeasureAndDelete(string hidden)
    {
        var bytes = files.Measure(Path.Combine(hidden, "_data"));
        folders.Delete(hidden);
        return bytes;
    }

    private string? TryHideUnused(string name)
    {
        lock (_lock)
        {
            return folders.Exists(name) && UsersOf(name).Count == 0 && !IsBusy(name) ? Hide(name) : null;
        }
    }

    private void CheckIdle(string name)
    {
        if (IsBusy(name))
        {
            throw EngineException.Conflict($"remove {name}: volume is in use - it is being read, written or restored");
        }
    }

    private bool IsBusy(string name) => _uses.ContainsKey(name) || _exclusive.Contains(name);

    private string Hide(string name)
    {
        // Nothing uses it: should it be mounted, an engine before this one left it so. What is behind the mount stays.
        mounter.Unmount(folders.DataOf(name));
        var hidden = folders.Hide(name);
        sizes.Forget(name);
        Publish("destroy", name);
        return hidden;
    }

    private void CheckOptions(string name, IReadOnlyDictionary<string, string> given)
    {
        try
        {
            LocalOptions.Parse(given, options.VolumeTypes);
        }
        catch (EngineException failure)
        {
            throw new EngineException(failure.Kind, $"create {name}: {failure.Message}", failure);
        }
    }

    private void Make(string name, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string>? given = null)
    {
        if (!folders.Exists(name))
        {
            var record = new VolumeRecord
            {
                Created = time.GetUtcNow(), Labels = labels, Options = given ?? new Dictionary<string, string>(),
            };
            folders.Make(name, record);
            Publish("create", name);
        }
    }

    private void Publish(string action, string name)
    {
        events.Publish(EngineEventType.Volume, action, name, new Dictionary<string, string> { ["driver"] = "local" });
    }

    private void CheckExists(string name)
    {
        if (!VolumeNames.IsValid(name) || !folders.Exists(name))
        {
            throw EngineException.NotFound($"get {name}: no such volume");
        }
    }

    private VolumeInfo Describe(string name)
    {
        var record = folders.Read(name);
        return new VolumeInfo
        {
            Name = name,
            Mountpoint = folders.DataOf(name),
            Created = record?.Created ?? folders.TimeOf(name),
            Options = record?.Options ?? new Dictionary<string, string>(),
            IsMounted = record?.Options.Count > 0 && mounter.IsMounted(folders.DataOf(name)),
            Size = sizes.Find(name),
            Labels = record?.Labels ?? new Dictionary<string, string>(),
            Users = UsersOf(name),
        };
    }

    private List<string> UsersOf(string name)
    {
        return users.FindVolumeUsers(name).Concat(_holds.GetValueOrDefault(name) ?? []).Distinct().ToList();
    }
}
