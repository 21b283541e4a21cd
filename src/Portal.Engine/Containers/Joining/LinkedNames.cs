using Portal.Engine.Containers.Files;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Joining;

/// <summary>The addresses of the containers that one is linked to (<c>--link</c>), for its <c>/etc/hosts</c>.</summary>
internal static class LinkedNames
{
    /// <exception cref="EngineException">Conflict: one of them does not run, in Docker's words.</exception>
    public static IReadOnlyList<LinkedName> Of(Container container, NetworkSandbox? sandbox, ContainerRegistry registry)
    {
        var names = new List<LinkedName>();
        foreach (var link in container.Config.Links)
        {
            var other = registry.Find(link.ContainerId) is { IsRunning: true } running
                ? running
                : throw EngineException.Conflict(
                    $"Cannot link to a non running container: {Name(link, registry)} AS /{container.Record.Name}/{link.Alias}");
            if (Line(link, other, sandbox) is { } line)
            {
                names.Add(line);
            }
        }

        return names;
    }

    /// <summary>The same for a container that runs already: what does not run is left out.</summary>
    public static IReadOnlyList<LinkedName> OfRunning(Container container, NetworkSandbox? sandbox, ContainerRegistry registry)
    {
        return container.Config.Links
            .Select(link => registry.Find(link.ContainerId) is { IsRunning: true } other ? Line(link, other, sandbox) : null)
            .OfType<LinkedName>()
            .ToList();
    }

    /// <summary>Tells the containers that are linked to one its new address.</summary>
    public static void Refresh(Container started, ContainerRegistry registry)
    {
        var linked = registry.All.Where(other => other.IsRunning && other.Config.Links.Any(link => link.ContainerId == started.Id));
        foreach (var other in linked)
        {
            NetworkFiles.Write(other, other.Network, OfRunning(other, other.Network, registry));
        }
    }

    private static LinkedName? Line(ContainerLink link, Container other, NetworkSandbox? sandbox)
    {
        var endpoints = other.Network?.Endpoints ?? [];
        var shared = endpoints.FirstOrDefault(theirs => sandbox?.Endpoints.Any(own => own.NetworkId == theirs.NetworkId) ?? false);
        return shared is { Address.Length: > 0 }
            ? new LinkedName(shared.Address, string.Join(' ', new[] { link.Alias, other.Id[..12], other.Record.Name }.Distinct()))
            : null;
    }

    private static string Name(ContainerLink link, ContainerRegistry registry)
    {
        return "/" + (registry.Find(link.ContainerId)?.Record.Name ?? link.ContainerId);
    }
}
