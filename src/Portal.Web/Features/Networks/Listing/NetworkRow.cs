using Portal.Contracts.Networks.V1;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;
using Endpoint = Portal.Contracts.Networks.V1.Endpoint;

namespace Portal.Web.Features.Networks.Listing;

/// <summary>A network on a node, as the list shows it.</summary>
public sealed class NetworkRow(NodeState node, Network network, bool showsContainers) : IFleetRow<NetworkKey>
{
    public Guid NodeId { get; } = node.Id;

    public string NodeName { get; } = node.Name;

    /// <summary>The node is away: this is how it stood when it was last asked.</summary>
    public bool Stale { get; } = node.Presence != NodePresence.Online;

    public Network Network { get; } = network;

    public string Name => Network.Name;

    /// <summary>Whether the user may see which containers are on it.</summary>
    public bool ShowsContainers { get; } = showsContainers;

    /// <summary>The containers on it, those that run first; empty when the user may not see them.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; } = showsContainers ? [.. network.Endpoints] : [];

    /// <summary>How many containers are on it, or will be when they start.</summary>
    public int Containers => Network.RunningContainers + Network.StoppedContainers;

    public DateTimeOffset? Created { get; } = network.CreatedAt?.ToDateTimeOffset();

    public NetworkKey Key => new(NodeId, Name);

    public string Stack => Network.Labels.TryGetValue(ListGroup.StackLabel, out var stack) ? stack : "";

    public string Href => $"nodes/{NodeId}/networks/{Uri.EscapeDataString(Name)}";

    public bool IsUsed => Containers > 0;

    /// <summary>Whether it could go now: it is not always there, and nothing that runs is on it.</summary>
    public bool IsRemovable => !Network.Predefined && Network.RunningContainers == 0;

    /// <summary>Whether a container can be connected to it while it runs.</summary>
    public bool IsConnectable => !Network.ConfigOnly && Network.Driver is not ("host" or "null");

    /// <summary>Whether its name, id, driver, subnet, label, or a container on it or its address fits.</summary>
    public bool Matches(string search) =>
        RowText.Has(Name, search)
        || Network.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase)
        || RowText.Has(Network.Driver, search)
        || Network.Subnets.Any(subnet => RowText.Has(subnet.Subnet, search))
        || RowText.HasLabel(Network.Labels, search)
        || Endpoints.Any(end => RowText.Has(end.ContainerName, search) || end.Ipv4Address == search || end.Ipv6Address == search);
}
