using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Joining;

/// <summary>
/// Whose user namespace a container is in. Any other namespace belongs to a user namespace, and only who is in that one may use it
/// fully (user_namespaces(7), "Interaction of user namespaces and other types of namespaces"): so, as with Docker, a container that
/// joins another's network, processes or memory joins its user namespace as well.
/// </summary>
internal static class SharedUsers
{
    /// <summary>The container that has the user namespace: mostly the same; null when ids are the host's.</summary>
    /// <exception cref="EngineException">Conflict: the containers' ids differ, so they can't share anything.</exception>
    public static Container? OwnerOf(Container container, ContainerRegistry registry)
    {
        var others = new[] { container.Spec.NetworkMode, container.Spec.PidMode, container.Spec.IpcMode }
            .Select(NamespaceMode.Parse)
            .Where(mode => mode is { Kind: NamespaceKind.Container })
            .Select(mode => Find(registry, mode!.Value.Container))
            .OfType<Container>()
            .Where(other => other != container)
            .Distinct()
            .ToList();
        if (others.Find(other => other.Config.Ids != container.Config.Ids) is { } different)
        {
            throw EngineException.Conflict(
                $"cannot join namespaces of container {different.Id}: to share a namespace, the containers must also share a user "
                + "namespace, and their ids are mapped differently (hint: give both the same userns mode)");
        }

        if (container.Config.Ids is null)
        {
            return null;
        }

        var owners = others.Select(other => OwnerOf(other, registry)).OfType<Container>().Distinct().ToList();
        return owners.Count switch
        {
            0 => container,
            1 => owners[0],
            _ => throw EngineException.Conflict(
                $"cannot join namespaces of containers {owners[0].Id} and {owners[1].Id}: each has a user namespace of its own"),
        };
    }

    private static Container? Find(ContainerRegistry registry, string name)
    {
        try
        {
            return registry.Get(name);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // Whoever joins says so in better words.
            return null;
        }
    }
}
