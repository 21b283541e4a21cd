using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Networks.Host;

/// <summary>The host's own settings for packets between its links. Only ever switched on.</summary>
internal static class HostForwarding
{
    private const string Interfaces = "/proc/sys/net/ipv6/conf";

    /// <summary>Lets IPv4 packets through.</summary>
    public static void EnableIpv4() => Sysctl.Set("net/ipv4/ip_forward", "1");

    /// <summary>
    /// Lets IPv6 packets through. A host that forwards is a router and no longer listens to others (RFC 4861, 6.2): where it got its own
    /// address and route by that, it would lose them minutes later, so those links are told to listen all the same.
    /// </summary>
    public static void EnableIpv6()
    {
        foreach (var link in Directory.Exists(Interfaces) ? Directory.GetDirectories(Interfaces) : [])
        {
            var name = Path.GetFileName(link);
            if (name is not ("all" or "default" or "lo") && Sysctl.Read($"net/ipv6/conf/{name}/accept_ra") == "1")
            {
                ListenStill(name);
            }
        }

        Sysctl.SetWhereKnown("net/ipv6/conf/default/forwarding", "1");
        Sysctl.SetWhereKnown("net/ipv6/conf/all/forwarding", "1");
    }

    private static void ListenStill(string link)
    {
        try
        {
            Sysctl.Set($"net/ipv6/conf/{link}/accept_ra", "2");
        }
        catch (EngineException) when (Sysctl.Read($"net/ipv6/conf/{link}/accept_ra") is null)
        {
            // It went away meanwhile, as links of containers do all the time.
        }
    }
}
