namespace Portal.Web.Nodes;

/// <summary>The environment that a node is in, as lists show it.</summary>
public sealed record FleetEnvironment(Guid Id, string Name, string Color);
