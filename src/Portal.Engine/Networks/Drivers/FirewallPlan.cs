namespace Portal.Engine.Networks.Drivers;

/// <summary>All that the firewall of one instance is to do.</summary>
/// <param name="Networks">Networks whose traffic it governs.</param>
/// <param name="Ports">What is published.</param>
public sealed record FirewallPlan(IReadOnlyList<FirewallNetwork> Networks, IReadOnlyList<PublishedPort> Ports);
