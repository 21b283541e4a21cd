using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Networks.Drivers;

/// <summary>
/// The packet rules of this instance: address translation, published ports, isolation. They live in a place of their own in the
/// kernel, and nothing else there is touched. Thread-safe.
/// </summary>
public interface INetworkFirewall
{
    /// <summary>Replaces all rules of this instance in one step: no packet meets a half-made set.</summary>
    void Apply(FirewallPlan plan);

    /// <summary>Adds published ports, all or none. Rules that something removed meanwhile are restored.</summary>
    void Publish(IReadOnlyList<PublishedPort> ports);

    /// <summary>Takes published ports away; ports that are not published are passed over.</summary>
    void Withdraw(IReadOnlyList<PublishedPort> ports);

    /// <summary>
    /// Replaces all balanced ports. They stay when <see cref="Apply"/> replaces the rest; before its first call they are remembered. What
    /// connections are open goes on where it is.
    /// </summary>
    void Balance(IReadOnlyList<BalancedPort> ports);

    /// <summary>Removes all rules of this instance.</summary>
    void Remove();
}
