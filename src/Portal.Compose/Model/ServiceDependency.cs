namespace Portal.Compose.Model;

/// <summary>What a service waits for before it starts.</summary>
/// <param name="IsRequired">Without it the service starts all the same when the other is not there or fails.</param>
/// <param name="Restarts">It is restarted after the other was.</param>
public sealed record ServiceDependency(string Service, DependencyCondition Condition, bool IsRequired, bool Restarts);
