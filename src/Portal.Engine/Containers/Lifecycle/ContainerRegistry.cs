using System.Collections.Immutable;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>All containers by id and by name. Readers take an immutable picture; writers are brief and hold a lock.</summary>
internal sealed class ContainerRegistry : IImageUsers, IVolumeUsers
{
    private readonly Lock _lock = new();
    private volatile ImmutableDictionary<string, Container> _byId = ImmutableDictionary<string, Container>.Empty;

    // A name may belong to a container that is still being made: so it points at an id, and that at an image.
    private ImmutableDictionary<string, string> _names = ImmutableDictionary<string, string>.Empty;
    private ImmutableDictionary<string, string> _making = ImmutableDictionary<string, string>.Empty;

    public IEnumerable<Container> All => _byId.Values;

    public int Count => _byId.Count;

    /// <summary>Takes a name for a container that is being made of an image.</summary>
    /// <exception cref="EngineException">Conflict: the name is in use, in Docker's words.</exception>
    public void Reserve(string name, string containerId, string imageId)
    {
        lock (_lock)
        {
            Take(name, containerId);
            _making = _making.SetItem(containerId, imageId);
        }
    }

    /// <summary>Gives a reserved name back.</summary>
    public void Abandon(string name, string containerId)
    {
        lock (_lock)
        {
            _names = _names.Remove(name);
            _making = _making.Remove(containerId);
        }
    }

    public bool IsNameTaken(string name)
    {
        lock (_lock)
        {
            return _names.ContainsKey(name);
        }
    }

    public void Add(Container container)
    {
        lock (_lock)
        {
            _names = _names.SetItem(container.Record.Name, container.Id);
            _byId = _byId.SetItem(container.Id, container);
            _making = _making.Remove(container.Id);
        }
    }

    public void Remove(Container container)
    {
        lock (_lock)
        {
            _byId = _byId.Remove(container.Id);
            if (_names.TryGetValue(container.Record.Name, out var owner) && owner == container.Id)
            {
                _names = _names.Remove(container.Record.Name);
            }
        }
    }

    /// <summary>Takes the new name; the old one is free after <paramref name="write"/> has made the change last.</summary>
    public void Rename(Container container, string newName, Action write)
    {
        lock (_lock)
        {
            var oldName = container.Record.Name;
            Take(newName, container.Id);
            try
            {
                write();
            }
            catch
            {
                _names = _names.Remove(newName);
                throw;
            }

            _names = _names.Remove(oldName);
        }
    }

    /// <summary>The container that a full id, a name or a unique prefix of an id means.</summary>
    /// <exception cref="EngineException">NotFound, InvalidArgument.</exception>
    public Container Get(string reference)
    {
        var name = reference.StartsWith('/') ? reference[1..] : reference;
        var byId = _byId;
        if (byId.TryGetValue(reference, out var found) || FindByName(name, byId, out found))
        {
            return found;
        }

        if (name.Length == 0)
        {
            throw EngineException.InvalidArgument("A container's name or id is empty. Give one of them.");
        }

        var matches = byId.Values.Where(item => item.Id.StartsWith(name, StringComparison.Ordinal)).Take(2).ToArray();
        return matches.Length switch
        {
            0 => throw EngineException.NotFound($"No such container: {reference}"),
            1 => matches[0],
            _ => throw EngineException.InvalidArgument(
                $"Multiple IDs found with provided prefix: {reference}. Give more of its digits."),
        };
    }

    public Container? Find(string containerId) => _byId.GetValueOrDefault(containerId);

    public IReadOnlyList<ImageUser> FindUsers(string imageId)
    {
        ImmutableDictionary<string, string> making;
        ImmutableDictionary<string, Container> byId;
        lock (_lock)
        {
            (making, byId) = (_making, _byId);
        }

        // One that is being made counts as running: not even force may take its image away.
        return byId.Values.Where(item => item.Config.ImageId == imageId)
            .Select(item => new ImageUser(item.Id, item.IsRunning, item.Record.Name))
            .Concat(making.Where(pair => pair.Value == imageId).Select(pair => new ImageUser(pair.Key, true)))
            .ToList();
    }

    public IReadOnlyList<string> FindVolumeUsers(string name)
    {
        return _byId.Values
            .Where(item => item.Config.Mounts.Any(mount => mount.Type == "volume" && mount.Name == name))
            .Select(item => item.Id)
            .ToList();
    }

    public IReadOnlyList<string> FindActiveVolumeUsers(string name)
    {
        return _byId.Values
            .Where(item => IsActive(item) && item.Config.Mounts.Any(mount => mount.Type == "volume" && mount.Name == name))
            .Select(item => item.Id)
            .ToList();
    }

    public bool IsActive(string containerId) => _byId.TryGetValue(containerId, out var container) && IsActive(container);

    private static bool IsActive(Container container) => container.IsRunning || container.Record.Starting;

    private bool FindByName(
        string name,
        ImmutableDictionary<string, Container> byId,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Container? found)
    {
        string? id;
        lock (_lock)
        {
            _names.TryGetValue(name, out id);
        }

        found = id is null ? null : byId.GetValueOrDefault(id);
        return found is not null;
    }

    private void Take(string name, string containerId)
    {
        if (_names.TryGetValue(name, out var owner))
        {
            throw EngineException.Conflict(
                $"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". "
                + "You have to remove (or rename) that container to be able to reuse that name.");
        }

        _names = _names.Add(name, containerId);
    }
}
