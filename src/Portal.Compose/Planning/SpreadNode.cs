namespace Portal.Compose.Planning;

/// <summary>A node of a stack that is spread over several, as it is.</summary>
/// <param name="Running">What is there of the project.</param>
/// <param name="Images">The id of each service's image there, where it is known.</param>
/// <param name="Made">See <see cref="PlanOptions.Made"/>.</param>
public sealed record SpreadNode(
    Guid Id, string Name, RunningProject Running, IReadOnlyDictionary<string, string> Images, IReadOnlyCollection<string> Made);
