namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Names of networks over nodes: those of a stack, and all others.</summary>
internal sealed record SpreadNetworks(IReadOnlyCollection<string> Own, IReadOnlyCollection<string> Others)
{
    /// <value>Ports at which every node answers with the stack's containers, as <c>8080/tcp</c>, by the network that leads to them.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Ports { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <value>Ports at which nodes of the environment answer with others' containers, and the network of each.</value>
    public IReadOnlyDictionary<string, string> Held { get; init; } = new Dictionary<string, string>();

    public static SpreadNetworks None { get; } = new([], []);
}
