using Portal.Compose.Model;

namespace Portal.Compose.Planning;

/// <summary>Compares a project with what runs of it.</summary>
/// <remarks>
/// Pure: the same project and the same state give the same plan. Volumes are never removed: they are what people would miss.
/// </remarks>
public static class ProjectPlanner
{
    public static ProjectPlan Plan(ComposeProject project, RunningProject running, PlanOptions options)
    {
        var steps = new List<PlanStep>();
        steps.AddRange(project.Networks.Where(network => !network.IsExternal).Select(network => Network(network, running)));
        steps.AddRange(project.Volumes.Where(volume => !volume.IsExternal).Select(volume => Volume(volume, running)));

        var replaced = new Dictionary<string, PlanAction>(StringComparer.Ordinal);
        foreach (var service in project.Services)
        {
            var own = Service(project, service, running, options, replaced).ToArray();
            replaced[service.Name] = own.Length == 0 ? PlanAction.Keep : own.Max(step => Weight(step.Action));
            steps.AddRange(own);
        }

        // What nobody asks for goes last, and networks after the containers that are in them.
        steps.AddRange(Orphans(project, running));
        var wanted = project.Networks.Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(running.Networks
            .Where(network => network.Value.Length > 0 && !wanted.Contains(network.Key))
            .Select(network =>
                new PlanStep(PlanAction.Remove, PlanSubject.Network, network.Key, network.Value, "It is not in the files any more.")));
        return new ProjectPlan(steps);
    }

    /// <summary>The name of a service's container, where it has none of its own.</summary>
    public static string NameOf(ComposeProject project, ComposeService service, int number) =>
        service.ContainerName ?? $"{project.Name}-{service.Name}-{number}";

    // Of a service several things may happen; what its dependants care for is whether one of its containers goes or stops.
    internal static PlanAction Weight(PlanAction action) => action switch
    {
        PlanAction.Recreate or PlanAction.Restart => action,
        PlanAction.Move => PlanAction.Recreate,
        _ => PlanAction.Keep,
    };

    internal static PlanStep Network(ComposeResource network, RunningProject running) =>
        new(
            running.Networks.ContainsKey(network.Name) ? PlanAction.Keep : PlanAction.Create,
            PlanSubject.Network,
            network.Name,
            network.Key);

    internal static PlanStep Volume(ComposeResource volume, RunningProject running) =>
        new(running.Volumes.Contains(volume.Name) ? PlanAction.Keep : PlanAction.Create, PlanSubject.Volume, volume.Name, volume.Key);

    private static IEnumerable<PlanStep> Service(
        ComposeProject project,
        ComposeService service,
        RunningProject running,
        PlanOptions options,
        Dictionary<string, PlanAction> replaced)
    {
        var there = running.Containers
            .Where(container => container.Service == service.Name && !container.IsOneOff)
            .OrderBy(container => container.Number)
            .ThenBy(container => container.Id, StringComparer.Ordinal)
            .ToArray();
        var kept = there.Take(service.Replicas).ToArray();
        foreach (var container in kept)
        {
            yield return Existing(service, container, options, replaced);
        }

        var numbers = Enumerable.Range(1, service.Replicas + kept.Length).Except(kept.Select(container => container.Number));
        foreach (var number in numbers.Take(service.Replicas - kept.Length))
        {
            var reason = there.Length > 0 ? "More containers are asked for." : "It is not there yet.";
            yield return new PlanStep(PlanAction.Create, PlanSubject.Container, NameOf(project, service, number), service.Name, reason,
                number);
        }

        foreach (var container in there.Skip(service.Replicas))
        {
            yield return Remove(container, "Fewer containers are asked for.");
        }
    }

    internal static PlanStep Existing(
        ComposeService service, RunningContainer container, PlanOptions options, Dictionary<string, PlanAction> replaced)
    {
        var step = new PlanStep(
            PlanAction.Keep, PlanSubject.Container, container.Name, service.Name, "", container.Number, container.Id);
        if (WhyRecreate(service, container, options, replaced) is { } reason)
        {
            return step with { Action = PlanAction.Recreate, Reason = reason };
        }

        if (service.DependsOn.FirstOrDefault(on => on.Restarts
            && replaced.GetValueOrDefault(on.Service) != PlanAction.Keep) is { } restarted)
        {
            return step with { Action = PlanAction.Restart, Reason = $"The service '{restarted.Service}' that it depends on starts anew." };
        }

        return container.IsRunning ? step : step with { Action = PlanAction.Start, Reason = "It does not run." };
    }

    private static string? WhyRecreate(
        ComposeService service, RunningContainer container, PlanOptions options, Dictionary<string, PlanAction> replaced)
    {
        if (options.Force && !options.Made.Contains(container.Id))
        {
            return "All containers are to be made anew.";
        }

        var isAdopted = options.Adopted.TryGetValue(container.ConfigHash, out var hash) && hash == service.Hash;
        if (container.ConfigHash != service.Hash && !isAdopted)
        {
            return "What the files say of it has changed.";
        }

        if (options.Images.TryGetValue(service.Name, out var image) && image.Length > 0 && container.ImageId != image)
        {
            return "Its image has changed.";
        }

        var sharing = SharedWith(service).FirstOrDefault(name => replaced.GetValueOrDefault(name) == PlanAction.Recreate);
        return sharing is null ? null : $"It shares what is the service '{sharing}''s, whose container is made anew.";
    }

    /// <summary>
    /// The services whose containers a service's share something with: a namespace or the volumes of a container go with it.
    /// </summary>
    public static IEnumerable<string> SharedWith(ComposeService service) =>
        new[] { "network_mode", "ipc", "pid" }
            .Select(service.Definition.Text)
            .Where(mode => mode?.StartsWith("service:", StringComparison.Ordinal) == true)
            .Select(mode => mode!["service:".Length..])
            .Concat(service.Definition.Texts("volumes_from").Select(from => from.Split(':')[0]));

    internal static IEnumerable<PlanStep> Orphans(ComposeProject project, RunningProject running)
    {
        var known = project.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        return running.Containers
            .Where(container => !known.Contains(container.Service) && !container.IsOneOff)
            .OrderBy(container => container.Name, StringComparer.Ordinal)
            .Select(container => Remove(container, project.DisabledServices.Contains(container.Service)
                ? "No active profile has its service."
                : "Its service is not in the files any more."));
    }

    internal static PlanStep Remove(RunningContainer container, string reason) => new(
        PlanAction.Remove, PlanSubject.Container, container.Name, container.Service, reason, container.Number, container.Id);
}
