namespace Portal.Compose.Planning;

/// <summary>One thing to do, or to leave.</summary>
/// <param name="Name">On the node.</param>
/// <param name="Service">Of a container; of a network or volume its key.</param>
/// <param name="Number">Of a container among those of its service.</param>
/// <param name="ContainerId">Of the one that is there; empty when none is.</param>
/// <param name="Reason">For people: why; empty for what goes without saying.</param>
public sealed record PlanStep(
    PlanAction Action, PlanSubject Subject, string Name, string Service, string Reason = "", int Number = 0, string ContainerId = "")
{
    /// <value>On which node, of a stack that is spread over several; null for the one node of a stack, and for a network over all.</value>
    public Guid? Node { get; init; }

    /// <value>That node's name; empty where there is none.</value>
    public string NodeName { get; init; } = "";

    /// <value>Of a move: the node that the container is on.</value>
    public Guid? From { get; init; }
}
