using Portal.Web.Features.Networks.Details;
using Portal.Web.Features.Networks.Listing;

namespace Portal.Web.Features.Networks.Topology;

/// <summary>The networks of one node and the containers on them, laid out: networks are lanes, containers columns that cross them.</summary>
public sealed class NodeTopology
{
    /// <summary>How many containers are drawn; a wider picture helps nobody.</summary>
    public const int MostContainers = 60;

    private NodeTopology(string nodeName, IReadOnlyList<NetworkRow> lanes, IReadOnlyList<TopologyContainer> containers)
    {
        NodeName = nodeName;
        Lanes = lanes;
        Containers = containers;
    }

    public string NodeName { get; }

    /// <summary>From above: those with most containers first; built-in ones only when something is on them.</summary>
    public IReadOnlyList<NetworkRow> Lanes { get; }

    /// <summary>From the left: those on the first lane first, then by name.</summary>
    public IReadOnlyList<TopologyContainer> Containers { get; }

    /// <summary>Lays the rows of one node out; containers that the user may not see are left out.</summary>
    public static NodeTopology Of(string nodeName, IEnumerable<NetworkRow> rows)
    {
        var lanes = rows
            .Where(row => row.IsUsed || !row.Network.Predefined)
            .OrderByDescending(row => row.Endpoints.Count)
            .ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var containers = lanes
            .SelectMany((row, lane) => row.Endpoints.Select(end => (Lane: lane, End: end)))
            .GroupBy(place => place.End.ContainerId)
            .Select(group => new TopologyContainer(
                group.Key,
                group.First().End.ContainerName,
                group.Any(place => place.End.Running),
                group.ToDictionary(place => place.Lane, place => place.End),
                [.. group.SelectMany(place => place.End.Ports).Select(EndpointText.Of).Distinct()]))
            .OrderBy(container => container.Places.Keys.Min())
            .ThenBy(container => container.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
        return new NodeTopology(nodeName, lanes, containers);
    }
}
