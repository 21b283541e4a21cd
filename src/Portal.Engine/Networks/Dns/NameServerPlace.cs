using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>Where containers ask for names.</summary>
/// <param name="Address">The address.</param>
/// <param name="NamespacePath">The namespace that has it; null for the host's own.</param>
/// <param name="ContainerId">Who asks there; null when the sender's address tells.</param>
internal sealed record NameServerPlace(IPAddress Address, string? NamespacePath = null, string? ContainerId = null)
{
    /// <summary>Who a query comes from; null for a stranger.</summary>
    public NameClient? ClientOf(NameTable names, IPAddress sender)
    {
        return ContainerId is null ? names.ClientAt(sender) : names.ClientOf(ContainerId);
    }
}
