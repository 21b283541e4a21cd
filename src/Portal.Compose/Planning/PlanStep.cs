namespace Portal.Compose.Planning;

/// <summary>One thing to do, or to leave.</summary>
/// <param name="Name">On the node.</param>
/// <param name="Service">Of a container; of a network or volume its key.</param>
/// <param name="Number">Of a container among those of its service.</param>
/// <param name="ContainerId">Of the one that is there; empty when none is.</param>
/// <param name="Reason">For people: why; empty for what goes without saying.</param>
public sealed record PlanStep(
    PlanAction Action, PlanSubject Subject, string Name, string Service, string Reason = "", int Number = 0, string ContainerId = "");
