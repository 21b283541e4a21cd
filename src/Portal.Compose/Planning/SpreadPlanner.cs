using Portal.Compose.Model;
using Portal.Compose.Placing;

namespace Portal.Compose.Planning;

/// <summary>Compares a project whose replicas are placed on several nodes with what runs of it on them.</summary>
/// <remarks>
/// Pure, as <see cref="ProjectPlanner"/>. Nodes that can't be reached are left out: what is placed on them stays as it is. Networks that
/// the project makes itself span all nodes, unless they ask for a driver of one node.
/// </remarks>
public static class SpreadPlanner
{
    /// <param name="project">What is to be.</param>
    /// <param name="placement">Where.</param>
    /// <param name="nodes">Those that can be reached.</param>
    /// <param name="options"><see cref="PlanOptions.Images"/> and <see cref="PlanOptions.Made"/> come with the nodes.</param>
    public static ProjectPlan Plan(
        ComposeProject project, StackPlacement placement, IReadOnlyList<SpreadNode> nodes, PlanOptions options)
    {
        var steps = new List<PlanStep>();
        var spread = project.Networks.Where(IsSpread).ToArray();
        steps.AddRange(spread.Select(network => new PlanStep(
            options.SpreadNetworks.Contains(network.Name) ? PlanAction.Keep : PlanAction.Create, PlanSubject.Network, network.Name,
            network.Key)));
        foreach (var node in nodes)
        {
            steps.AddRange(Surroundings(project, placement, node).Select(step => On(step, node)));
        }

        var replaced = new Dictionary<string, PlanAction>(StringComparer.Ordinal);
        foreach (var service in project.Services)
        {
            var own = Service(project, service, placement, nodes, options, replaced);
            replaced[service.Name] = own.Count == 0 ? PlanAction.Keep : own.Max(step => ProjectPlanner.Weight(step.Action));
            steps.AddRange(own);
        }

        steps.AddRange(nodes.SelectMany(node => ProjectPlanner.Orphans(project, node.Running).Select(step => On(step, node))));
        steps.AddRange(nodes.SelectMany(node => node.Running.Networks
            .Where(network => network.Value.Length > 0 && !UsedNetworks(project, placement, node.Id).Contains(network.Key))
            .Select(network => On(
                new PlanStep(PlanAction.Remove, PlanSubject.Network, network.Key, network.Value, "Nothing there needs it any more."),
                node))));
        steps.AddRange(options.SpreadNetworks.Except(spread.Select(network => network.Name)).Select(name =>
            new PlanStep(PlanAction.Remove, PlanSubject.Network, name, name, "It is not in the files any more.")));
        return new ProjectPlan(steps);
    }

    /// <summary>Whether a network of the project spans all nodes.</summary>
    public static bool IsSpread(ComposeResource network) =>
        !network.IsExternal && network.Definition.Text("driver") is (null or "overlay");

    private static PlanStep On(PlanStep step, SpreadNode node) => step with { Node = node.Id, NodeName = node.Name };

    private static IEnumerable<PlanStep> Surroundings(ComposeProject project, StackPlacement placement, SpreadNode node)
    {
        var networks = UsedNetworks(project, placement, node.Id);
        var volumes = ServicesOn(project, placement, node.Id)
            .SelectMany(service => service.Definition.Items("volumes").OfType<Nodes.ComposeMap>())
            .Where(mount => mount.Text("type") == "volume").Select(mount => mount.Text("source")).OfType<string>().ToHashSet();
        return project.Networks
            .Where(network => !network.IsExternal && !IsSpread(network) && networks.Contains(network.Name))
            .Select(network => ProjectPlanner.Network(network, node.Running))
            .Concat(project.Volumes.Where(volume => !volume.IsExternal && volumes.Contains(volume.Key))
                .Select(volume => ProjectPlanner.Volume(volume, node.Running)));
    }

    private static HashSet<string> UsedNetworks(ComposeProject project, StackPlacement placement, Guid node)
    {
        var keys = ServicesOn(project, placement, node).SelectMany(service => service.Networks)
            .Select(network => network.Key).ToHashSet();
        return [.. project.Networks.Where(network => keys.Contains(network.Key)).Select(network => network.Name)];
    }

    private static IEnumerable<ComposeService> ServicesOn(ComposeProject project, StackPlacement placement, Guid node) =>
        project.Services.Where(service => placement.On(node, service.Name).Count > 0);

    private static List<PlanStep> Service(
        ComposeProject project, ComposeService service, StackPlacement placement, IReadOnlyList<SpreadNode> nodes, PlanOptions options,
        Dictionary<string, PlanAction> replaced)
    {
        var there = nodes.SelectMany(node => node.Running.Containers
            .Where(container => container.Service == service.Name && !container.IsOneOff)
            .OrderBy(container => container.Number).ThenBy(container => container.Id, StringComparer.Ordinal)
            .Select(container => (Node: node, Container: container))).ToList();
        var steps = new List<PlanStep>();
        var wanted = nodes.SelectMany(node => placement.On(node.Id, service.Name).Select(number => (Node: node, Number: number)))
            .OrderBy(replica => replica.Number).ToList();

        // Those first that are where they should be: what is elsewhere under the same number may be a second one.
        var missing = wanted.FindAll(replica =>
        {
            var at = there.FindIndex(one => one.Node == replica.Node && one.Container.Number == replica.Number);
            if (at >= 0)
            {
                var known = options with { Images = replica.Node.Images, Made = replica.Node.Made };
                steps.Add(On(ProjectPlanner.Existing(service, there[at].Container, known, replaced), replica.Node));
                there.RemoveAt(at);
            }

            return at < 0;
        });
        foreach (var (node, number) in missing)
        {
            var name = ProjectPlanner.NameOf(project, service, number);
            var at = there.FindIndex(one => one.Container.Number == number);
            var reason = at >= 0 ? $"It can't stay on '{there[at].Node.Name}'." : "It is not there yet.";
            steps.Add(On(
                new PlanStep(at < 0 ? PlanAction.Create : PlanAction.Move, PlanSubject.Container, name, service.Name, reason, number,
                    at < 0 ? "" : there[at].Container.Id) { From = at < 0 ? null : there[at].Node.Id },
                node));
            if (at >= 0)
            {
                there.RemoveAt(at);
            }
        }

        steps.AddRange(there.Select(one => On(
            ProjectPlanner.Remove(one.Container, placement.Of(service.Name, one.Container.Number) is null
                ? "Fewer containers are asked for." : "It runs on another node."),
            one.Node)));
        return steps;
    }
}
