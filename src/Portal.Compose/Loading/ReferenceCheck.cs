using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Loading;

/// <summary>Looks whether all that services name is there, and whether they agree with themselves and each other.</summary>
internal sealed class ReferenceCheck(ProblemList problems, IReadOnlyCollection<string> allServices, bool isSpread)
{
    public void Check(
        IReadOnlyList<ComposeService> services,
        IReadOnlyList<ComposeResource> networks,
        IReadOnlyList<ComposeResource> volumes,
        IReadOnlyList<ComposeFile> configs,
        IReadOnlyList<ComposeFile> secrets)
    {
        if (allServices.Count == 0)
        {
            problems.Error(new Mark(services.Count > 0 ? services[0].Definition.Mark.File : "", 1, 1), "services",
                "The project has no services.");
        }

        var enabled = services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var service in services)
        {
            CheckItself(service);
            CheckDependencies(service, enabled);
            CheckNames(service, "networks", [.. service.Networks.Select(network => network.Key)],
                [.. networks.Select(network => network.Key)]);
            CheckNames(service, "volumes", NamedVolumes(service), [.. volumes.Select(volume => volume.Key)]);
            CheckNames(service, "configs", Sources(service, "configs"), [.. configs.Select(config => config.Key)]);
            CheckNames(service, "secrets", Sources(service, "secrets"), [.. secrets.Select(secret => secret.Key)]);
        }

        CheckContainerNames(services);
        PortConflicts.Check(services, problems, isSpread);
    }

    private static IReadOnlyList<string> NamedVolumes(ComposeService service) =>
        [.. service.Definition.Items("volumes").OfType<ComposeMap>()
            .Where(mount => mount.Text("type") == "volume").Select(mount => mount.Text("source")).OfType<string>()];

    private static IReadOnlyList<string> Sources(ComposeService service, string section) =>
        [.. service.Definition.Items(section).OfType<ComposeMap>().Select(file => file.Text("source")).OfType<string>()];

    private void CheckItself(ComposeService service)
    {
        var definition = service.Definition;
        if (definition.Text("image") is null && !service.IsBuilt)
        {
            Error(definition, service, "", "The service has neither an image nor a build.");
        }

        if (definition["network_mode"] is { } mode && definition["networks"] is not null)
        {
            Error(mode, service, "network_mode", "The service has networks too: leave one of them out.");
        }

        if (service.ContainerName is not null && service.Replicas > 1)
        {
            Error(definition["container_name"]!, service, "container_name",
                "Containers of one name can't be several; leave it out, or run one.");
        }

        if (definition.Map("healthcheck") is { } check && check.Flag("disable") && check["test"] is { } test)
        {
            Error(test, service, "healthcheck.test", "The check is turned off: leave the test out.");
        }
    }

    private void CheckDependencies(ComposeService service, HashSet<string> enabled)
    {
        foreach (var on in service.DependsOn.Where(on => on.IsRequired && !enabled.Contains(on.Service)))
        {
            var mark = service.Definition.Map("depends_on")?.Find(on.Service)?.Mark ?? service.Definition.Mark;
            problems.Error(mark, $"services.{service.Name}.depends_on", allServices.Contains(on.Service)
                ? $"The service '{on.Service}' is off: no active profile has it."
                : $"There is no service '{on.Service}'.");
        }
    }

    private void CheckNames(ComposeService service, string section, IReadOnlyList<string> used, IReadOnlyList<string> known)
    {
        foreach (var name in used.Except(known))
        {
            var place = Place(service.Definition[section], name) ?? service.Definition;
            Error(place, service, section, $"'{name}' is not among the project's {section}.");
        }
    }

    private static ComposeNode? Place(ComposeNode? section, string name) => section switch
    {
        ComposeList list => list.Items.OfType<ComposeMap>().FirstOrDefault(item => item.Text("source") == name) ?? section,
        ComposeMap map => map[name] ?? section,
        _ => section,
    };

    private void CheckContainerNames(IReadOnlyList<ComposeService> services)
    {
        foreach (var group in services.Where(service => service.ContainerName is not null).GroupBy(service => service.ContainerName))
        {
            foreach (var service in group.Skip(1))
            {
                Error(service.Definition["container_name"]!, service, "container_name",
                    $"The service '{group.First().Name}' has this name too.");
            }
        }
    }

    private void Error(ComposeNode node, ComposeService service, string key, string message) =>
        problems.Error(node.Mark, key.Length > 0 ? $"services.{service.Name}.{key}" : $"services.{service.Name}", message);
}
