using System.Text.Json;

namespace Portal.Compose.Placing;

/// <summary>Which replica of a stack is on which node. Numbers of a service's replicas are unique over all nodes.</summary>
public sealed record StackPlacement(IReadOnlyList<PlacedReplica> Replicas)
{
    public static StackPlacement None { get; } = new([]);

    /// <summary>The numbers of a service's replicas on a node, ascending.</summary>
    public IReadOnlyList<int> On(Guid node, string service) => [.. Replicas
        .Where(replica => replica.Node == node && replica.Service == service).Select(replica => replica.Number).Order()];

    /// <summary>Where a replica is; null when it is nowhere.</summary>
    public Guid? Of(string service, int number) =>
        Replicas.FirstOrDefault(replica => replica.Service == service && replica.Number == number)?.Node;

    public bool IsSameAs(StackPlacement other) => Replicas.ToHashSet().SetEquals(other.Replicas);

    /// <summary>As it is kept: <c>{"web": {"1": "node"}}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(Replicas.OrderBy(replica => replica.Service, StringComparer.Ordinal)
        .ThenBy(replica => replica.Number).GroupBy(replica => replica.Service)
        .ToDictionary(group => group.Key, group => group.DistinctBy(one => one.Number).ToDictionary(one => one.Number, one => one.Node)));

    public static StackPlacement FromJson(string json) => new(
    [
        .. (JsonSerializer.Deserialize<Dictionary<string, Dictionary<int, Guid>>>(json) ?? [])
            .SelectMany(service => service.Value.Select(one => new PlacedReplica(service.Key, one.Key, one.Value))),
    ]);
}
