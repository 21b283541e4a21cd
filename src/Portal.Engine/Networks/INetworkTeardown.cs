namespace Portal.Engine.Networks;

/// <summary>Takes an instance's networks off the machine: when it is uninstalled, and after a test.</summary>
public interface INetworkTeardown
{
    /// <summary>
    /// Removes every sandbox, bridge, rule and state file of this instance, waiting for the kernel. The engine must not attach
    /// anything afterwards, unless it reconciles first.
    /// </summary>
    Task RemoveAllAsync(CancellationToken cancellationToken = default);
}
