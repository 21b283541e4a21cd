namespace Portal.Compose.Placing;

/// <summary>A replica of a service on a node.</summary>
public sealed record PlacedReplica(string Service, int Number, Guid Node);
