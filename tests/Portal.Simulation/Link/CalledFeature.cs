namespace Portal.Simulation.Link;

/// <summary>Tells the node that a connection belongs to that the portal has called on it.</summary>
internal sealed record CalledFeature(Action Called);
