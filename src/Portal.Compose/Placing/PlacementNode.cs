namespace Portal.Compose.Placing;

/// <summary>A node on which replicas may be.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">For constraints on <c>node.hostname</c> and for people.</param>
/// <param name="Labels">For constraints on <c>node.labels</c>.</param>
public sealed record PlacementNode(Guid Id, string Name, IReadOnlyDictionary<string, string> Labels)
{
    /// <value>Whether it takes new containers: false while it is drained. What is on it stays if nothing else takes it.</value>
    public bool TakesNew { get; init; } = true;

    /// <value>It has not answered for so long that its replicas do not count any more.</value>
    public bool IsLost { get; init; }

    /// <value>Who publishes a port of the node beside the stack, by the port as <c>8080/tcp</c>.</value>
    public IReadOnlyDictionary<string, string> HeldPorts { get; init; } = new Dictionary<string, string>();

    /// <value>Names of the volumes that are there: a replica goes where its data is.</value>
    public IReadOnlyCollection<string> Volumes { get; init; } = [];

    /// <value>How many containers it has beside the stack's: between nodes that are alike the emptier one is taken.</value>
    public int Load { get; init; }
}
