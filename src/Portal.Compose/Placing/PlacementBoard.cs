namespace Portal.Compose.Placing;

/// <summary>What is placed so far.</summary>
internal sealed class PlacementBoard(IReadOnlyList<PlacementNode> nodes)
{
    private const int MostNamed = 5;
    private readonly Dictionary<(Guid Node, string Port), string> _ports = [];
    private readonly List<PlacedReplica> _placed = [];

    public IReadOnlyList<PlacementNode> Nodes { get; } = [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal)];

    public IReadOnlyList<PlacedReplica> Placed => _placed;

    public List<string> Problems { get; } = [];

    public List<string> Notes { get; } = [];

    public PlacementNode? Find(Guid id) => Nodes.FirstOrDefault(node => node.Id == id);

    public string NameOf(Guid id) => Find(id)?.Name ?? "";

    public int CountOf(PlacingService service, PlacementNode node) =>
        _placed.Count(replica => replica.Node == node.Id && replica.Service == service.Name);

    public bool Has(PlacingService service, int number) =>
        _placed.Any(replica => replica.Service == service.Name && replica.Number == number);

    /// <summary>The smallest that none has.</summary>
    public int FreeNumber(PlacingService service) => Enumerable.Range(1, int.MaxValue).First(number => !Has(service, number));

    public void Put(PlacingService service, int number, PlacementNode node)
    {
        _placed.Add(new PlacedReplica(service.Name, number, node.Id));
        foreach (var port in service.Rules.Ports)
        {
            _ports[(node.Id, port)] = service.Name;
        }
    }

    /// <summary>Why a node can't have one more, as a phrase; null when it can.</summary>
    public string? WhyNot(PlacingService service, PlacementNode node) =>
        service.Rules.Constraints.FirstOrDefault(constraint => !constraint.Holds(node)) is { } broken
            ? $"'{broken}' does not hold" : WhyFull(service, node);

    /// <summary>As <see cref="WhyNot"/>, without what the constraints say.</summary>
    public string? WhyFull(PlacingService service, PlacementNode node)
    {
        var most = service.Rules.IsGlobal ? 1 : service.Rules.MostPerNode;
        return CountOf(service, node) >= most ? $"there are {most} already"
            : service.Rules.Ports
                .Select(port => Holder(node, port) is { } holder ? $"port {port} is published by {holder}" : null)
                .FirstOrDefault(why => why is not null);
    }

    /// <summary>The best node for one more; null when there is none.</summary>
    public PlacementNode? Choose(PlacingService service) => Nodes
        .Where(node => node is { IsLost: false, TakesNew: true } && WhyNot(service, node) is null)
        .OrderBy(node => service.Rules.Data.Any(node.Volumes.Contains) ? 0 : 1)
        .ThenBy(node => service.Rules.Spread.Select(label => CountBeside(service, node, label)).ToArray(), Lexicographic)
        .ThenBy(node => CountOf(service, node))
        .ThenBy(node => node.Load + _placed.Count(replica => replica.Node == node.Id))
        .ThenBy(node => node.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Why a replica has no node, as a sentence.</summary>
    public string NoPlace(PlacingService service)
    {
        var why = Nodes.Take(MostNamed).Select(node =>
            $"'{node.Name}': {(node.IsLost ? "it is lost" : !node.TakesNew ? "it takes no new containers" : WhyNot(service, node))}");
        var more = Nodes.Count > MostNamed ? $"; and {Nodes.Count - MostNamed} more" : "";
        return Nodes.Count == 0
            ? $"services.{service.Name}: there is no node."
            : $"services.{service.Name}: no node can take "
                + $"{(service.Service.Replicas == 1 ? "it" : $"all {service.Service.Replicas} replicas")}: {string.Join("; ", why)}{more}.";
    }

    private static Comparer<int[]> Lexicographic { get; } = Comparer<int[]>.Create((one, other) =>
        one.Zip(other, (left, right) => left.CompareTo(right)).FirstOrDefault(order => order != 0));

    private int CountBeside(PlacingService service, PlacementNode node, string label)
    {
        var value = node.Labels.GetValueOrDefault(label);
        return Nodes.Where(other => other.Labels.GetValueOrDefault(label) == value).Sum(other => CountOf(service, other));
    }

    private string? Holder(PlacementNode node, string port) =>
        node.HeldPorts.TryGetValue(port, out var other) ? $"'{other}'"
        : _ports.TryGetValue((node.Id, port), out var service) ? $"the service '{service}'"
        : null;
}
