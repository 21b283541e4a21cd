using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Drivers;

/// <summary>What the host already uses of the address space.</summary>
public interface IHostSubnets
{
    /// <summary>
    /// Keeps other engines on this machine from choosing a subnet until the result is disposed. Hold it from looking at
    /// <see cref="Used"/> until the new subnet shows there, which is when its bridge has its address.
    /// </summary>
    Task<IDisposable> LockChoiceAsync(CancellationToken cancellationToken);

    /// <summary>Subnets of the host's addresses and routes.</summary>
    /// <param name="exceptInterface">An interface whose addresses and routes do not count, because they are the asker's own.</param>
    IReadOnlyList<IpSubnet> Used(string exceptInterface);
}
