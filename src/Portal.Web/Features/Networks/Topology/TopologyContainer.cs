using Endpoint = Portal.Contracts.Networks.V1.Endpoint;

namespace Portal.Web.Features.Networks.Topology;

/// <summary>A container in the picture of a node.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Places">Where it is on each lane, by the lane's number.</param>
/// <param name="Ports">What it publishes, in Docker's form.</param>
public sealed record TopologyContainer(
    string Id, string Name, bool Running, IReadOnlyDictionary<int, Endpoint> Places, IReadOnlyList<string> Ports);
