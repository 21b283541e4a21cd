using System.Text.Json;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// What is on a node now, read anew each time: containers are found by their labels, never by what was remembered of them.
/// </summary>
/// <param name="Containers">All of the node.</param>
/// <param name="Networks">Labels by the name; all of the node.</param>
/// <param name="Volumes">As the networks.</param>
internal sealed record NodeSituation(
    IReadOnlyList<NodeContainer> Containers,
    IReadOnlyDictionary<string, Dictionary<string, string>> Networks,
    IReadOnlyDictionary<string, Dictionary<string, string>> Volumes)
{
    public static async Task<NodeSituation> ReadAsync(NodeDocker node, CancellationToken cancellationToken)
    {
        var containers = await node.ReadAsync("/containers/json", "?all=1", cancellationToken);
        var networks = await node.ReadAsync("/networks", "", cancellationToken);
        var volumes = await node.ReadAsync("/volumes", "", cancellationToken);
        return new NodeSituation(
            [.. containers.EnumerateArray().Select(NodeContainer.Read)],
            ByName(networks),
            volumes.TryGetProperty("Volumes", out var list) && list.ValueKind == JsonValueKind.Array ? ByName(list) : []);
    }

    /// <summary>The containers of a project.</summary>
    public IEnumerable<NodeContainer> Of(string project) => Containers.Where(container => container.Project == project);

    /// <summary>For the planner.</summary>
    public RunningProject Project(string name) => new(
        [.. Of(name).Select(container => container.ForPlan())],
        Networks.ToDictionary(
            network => network.Key,
            network => network.Value.GetValueOrDefault(ComposeLabels.Project) == name
                ? network.Value.GetValueOrDefault(ComposeLabels.Network, "") : "",
            StringComparer.Ordinal),
        [.. Volumes.Keys]);

    private static Dictionary<string, Dictionary<string, string>> ByName(JsonElement list)
    {
        var found = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var thing in list.EnumerateArray())
        {
            found[thing.GetProperty("Name").GetString()!] = NodeContainer.ReadLabels(thing);
        }

        return found;
    }
}
