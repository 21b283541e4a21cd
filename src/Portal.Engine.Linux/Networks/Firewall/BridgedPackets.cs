using Portal.Engine.Linux.Networks.Host;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Whether packets within bridges pass the filters of IPv6 (<c>br_netfilter</c>, which Docker and Kubernetes load). Then the translation of
/// an answer to ::1 is undone on the bridge already, and the kernel drops the packet as one for ::1 from outside (<c>ip6_rcv_core</c>).
/// </summary>
internal static class BridgedPackets
{
    /// <summary>True when they do, in the network namespace of the thread.</summary>
    public static bool AreFiltered => Sysctl.Read("net/bridge/bridge-nf-call-ip6tables") == "1";
}
