using Portal.Engine.Containers;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Storage;

namespace Portal.Engine.Volumes;

/// <summary>What the making and the removing of containers needs of volumes.</summary>
internal sealed partial class LocalVolumes
{
    /// <summary>
    /// Makes the volumes of a container that is being made, and keeps them from being removed until the result is disposed; by then the
    /// container is among those that <see cref="IVolumeUsers"/> tells of.
    /// </summary>
    public IDisposable Hold(
        string containerId,
        IReadOnlyList<ContainerMount> mounts,
        IReadOnlyList<string> anonymous,
        IReadOnlyDictionary<string, VolumeRequest> requests)
    {
        var names = NamesOf(mounts);
        foreach (var (name, request) in requests)
        {
            CheckOptions(name, request.Options);
        }

        lock (_lock)
        {
            foreach (var name in names)
            {
                CheckNotReplaced(name);
                var own = new Dictionary<string, string>(requests.GetValueOrDefault(name)?.Labels ?? new Dictionary<string, string>());
                if (anonymous.Contains(name))
                {
                    own[VolumeInfo.AnonymousLabel] = "";
                }

                Make(name, own, requests.GetValueOrDefault(name)?.Options);
                if (!_holds.TryGetValue(name, out var holders))
                {
                    _holds[name] = holders = [];
                }

                holders.Add(containerId);
            }
        }

        return new VolumeHold(() => Release(containerId, names));
    }

    /// <summary>True when a volume that this container mounts is empty and may be filled with what the image has there.</summary>
    public bool NeedsFilling(ContainerMount mount)
    {
        if (mount.Type != VolumeType || mount.Subpath.Length > 0 || mount.Options.Split(',').Contains("nocopy"))
        {
            return false;
        }

        using var use = Use(mount.Name);
        return folders.IsEmpty(mount.Name);
    }

    /// <summary>Copies what the image has at the mount's place into the volume, with owners and modes.</summary>
    /// <param name="containerId">The container; others that use the volume see the files come in.</param>
    /// <param name="mount">One that <see cref="NeedsFilling"/>.</param>
    /// <param name="root">The container's mounted root.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task FillAsync(string containerId, ContainerMount mount, string root, CancellationToken cancellationToken)
    {
        using var use = Use(mount.Name);
        bool shared;
        lock (_lock)
        {
            // What is mounted there can't be put in its place by a rename.
            shared = UsersOf(mount.Name).Exists(user => user != containerId) || OptionsOf(mount.Name) is not null;
        }

        if (shared)
        {
            await files.CopyAsync(root, mount.Destination, folders.DataOf(mount.Name), cancellationToken).ConfigureAwait(false);
            return;
        }

        // Aside first: a copy that is cut off half-way must not make the volume look filled.
        var aside = folders.MakeAside(mount.Name);
        try
        {
            await files.CopyAsync(root, mount.Destination, aside, cancellationToken).ConfigureAwait(false);
            Replace(folders.DataOf(mount.Name), aside);
            sizes.Forget(mount.Name);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw DiskErrors.Full($"Filling volume {mount.Name}", failure);
        }
        finally
        {
            files.Remove(aside);
        }
    }

    /// <summary>
    /// Gives volumes in which nothing is, and which are the host root's, to the root of a container with ids of its own: it could not write
    /// into them.
    /// </summary>
    public void Adopt(IReadOnlyList<ContainerMount> mounts, IdMapping? ids)
    {
        if (ids is not null)
        {
            foreach (var name in NamesOf(mounts).Where(name => folders.IsEmpty(name)))
            {
                files.Adopt(folders.DataOf(name), ids.RootUser, ids.RootGroup);
            }
        }
    }

    /// <summary>Makes the folders of a container's volumes again should somebody have removed them by hand.</summary>
    private void Ensure(IReadOnlyList<ContainerMount> mounts)
    {
        lock (_lock)
        {
            foreach (var name in NamesOf(mounts))
            {
                CheckNotReplaced(name);
                Make(name, new Dictionary<string, string>());
            }
        }
    }

    /// <summary>Removes volumes that were made for one container alone, so far as no other uses them.</summary>
    public void RemoveAnonymous(string containerId, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            string? hidden = null;
            lock (_lock)
            {
                if (folders.IsBegun(name) && UsersOf(name).TrueForAll(user => user == containerId))
                {
                    hidden = Hide(name);
                }
            }

            if (hidden is not null)
            {
                folders.Delete(hidden);
            }
        }
    }

    /// <summary>Ends removals that were cut off, and takes away mounts that nobody needs.</summary>
    public void Collect()
    {
        CollectMounts();
        folders.Collect();
        SettleMounted();
    }

    private static void Replace(string data, string aside)
    {
        // Fails when somebody put something in meanwhile, which then counts.
        Directory.Delete(data);
        Directory.Move(aside, data);
    }

    private static List<string> NamesOf(IReadOnlyList<ContainerMount> mounts)
    {
        return mounts.Where(mount => mount.Type == VolumeType).Select(mount => mount.Name).Distinct().ToList();
    }

    private void Release(string containerId, List<string> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                _holds[name].Remove(containerId);
                if (_holds[name].Count == 0)
                {
                    _holds.Remove(name);
                }
            }
        }
    }
}
