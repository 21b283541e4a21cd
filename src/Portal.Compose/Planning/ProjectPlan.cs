namespace Portal.Compose.Planning;

/// <summary>What makes a node have what the files say, in the order in which it is to be done.</summary>
public sealed record ProjectPlan(IReadOnlyList<PlanStep> Steps)
{
    public IEnumerable<PlanStep> Changes => Steps.Where(step => step.Action != PlanAction.Keep);

    public bool IsEmpty => !Changes.Any();
}
