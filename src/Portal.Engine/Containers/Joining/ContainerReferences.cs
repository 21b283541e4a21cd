using Portal.Engine.Containers.Creation;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Joining;

/// <summary>Finds the other containers that a request names, and keeps them by id: they may be renamed later.</summary>
internal sealed class ContainerReferences(ContainerRegistry registry)
{
    /// <summary>Names in namespace modes become ids.</summary>
    /// <exception cref="EngineException">InvalidArgument: there is no such container.</exception>
    public ContainerSpec Resolve(ContainerSpec spec)
    {
        return spec with { PidMode = Resolve(spec.PidMode), IpcMode = ResolveIpc(spec.IpcMode) };
    }

    /// <summary>The mounts of the containers of <c>--volumes-from</c>, later ones in place of earlier ones.</summary>
    /// <exception cref="EngineException">InvalidArgument: there is no such container, or the mode is none.</exception>
    public IReadOnlyList<ContainerMount> InheritedMounts(ContainerSpec spec)
    {
        var found = new Dictionary<string, ContainerMount>(StringComparer.Ordinal);
        foreach (var text in spec.VolumesFrom)
        {
            var (name, mode) = SplitMode(text);
            foreach (var mount in Find(name).Config.Mounts.Where(mount => mount.Type != "tmpfs"))
            {
                // What is read-only there stays so here.
                found[mount.Destination] = mount with { Writable = mount.Writable && mode != "ro" };
            }
        }

        return [.. found.Values];
    }

    /// <exception cref="EngineException">InvalidArgument: there is no such container.</exception>
    public IReadOnlyList<ContainerLink> Links(ContainerSpec spec)
    {
        var links = new List<ContainerLink>();
        foreach (var text in spec.Links)
        {
            if (ContainerLinkText.TryParse(text, out var name, out var alias))
            {
                links.Add(new ContainerLink(Find(name, $"could not get container for {name}: ").Id, alias));
            }
        }

        return links;
    }

    private string Resolve(string mode)
    {
        return NamespaceMode.Parse(mode) is { Kind: NamespaceKind.Container } other ? $"container:{Find(other.Container).Id}" : mode;
    }

    private string ResolveIpc(string mode)
    {
        if (NamespaceMode.Parse(mode) is not { Kind: NamespaceKind.Container } other)
        {
            return mode;
        }

        var owner = Find(other.Container);
        if (NamespaceMode.Parse(owner.Spec.IpcMode)?.Kind is not (NamespaceKind.Shareable or NamespaceKind.Container or NamespaceKind.Host))
        {
            throw EngineException.InvalidArgument(
                $"can't join IPC of container {owner.Id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        }

        return $"container:{owner.Id}";
    }

    private Container Find(string name, string prefix = "")
    {
        try
        {
            return registry.Get(name);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // Docker's 404 is for the image alone: clients would pull.
            throw new EngineException(EngineErrorKind.InvalidArgument, $"{prefix}No such container: {name}", failure);
        }
    }

    private static (string Name, string Mode) SplitMode(string text)
    {
        var parts = text.Split(':', 2);
        var mode = parts.Length == 2 ? parts[1] : "";
        if (parts[0].Length == 0)
        {
            throw EngineException.InvalidArgument("malformed volumes-from specification: " + text);
        }

        return mode is "" or "ro" or "rw" or "z" or "Z" ? (parts[0], mode) : throw EngineException.InvalidArgument($"invalid mode: {mode}");
    }
}
