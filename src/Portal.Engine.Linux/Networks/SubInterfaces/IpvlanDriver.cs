using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.SubInterfaces;

/// <summary>Interfaces with the host's MAC address and addresses of their own on a cable of the host's (ipvlan, ip-link(8)).</summary>
internal sealed class IpvlanDriver(EngineOptions options) : SubInterfaceDriver(options)
{
    public override string Name => "ipvlan";

    protected override SubInterface Describe(NetworkDefinition network, NetworkEndpoint endpoint, int parent)
    {
        // IPVLAN_MODE_* and IPVLAN_F_* of linux/if_link.h, 16 bits each.
        var settings = network.Settings;
        ushort mode = settings.Mode switch { "l3" => 1, "l3s" => 2, _ => 0 };
        ushort flags = settings.IpvlanFlag switch { "private" => 1, "vepa" => 2, _ => 0 };
        return new SubInterface(Name, endpoint.InterfaceName, parent)
        {
            Mtu = network.Mtu,
            Mode = BitConverter.GetBytes(mode),
            Flags = BitConverter.GetBytes(flags),
        };
    }
}
