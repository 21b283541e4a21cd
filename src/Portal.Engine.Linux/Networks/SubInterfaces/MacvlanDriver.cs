using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.SubInterfaces;

/// <summary>Interfaces with MAC addresses of their own on a cable of the host's (macvlan, ip-link(8)).</summary>
internal sealed class MacvlanDriver(EngineOptions options) : SubInterfaceDriver(options)
{
    public override string Name => "macvlan";

    protected override SubInterface Describe(NetworkDefinition network, NetworkEndpoint endpoint, int parent)
    {
        // enum macvlan_mode of linux/if_link.h.
        var mode = network.Settings.Mode switch
        {
            "private" => 1,
            "vepa" => 2,
            "passthru" => 8,
            _ => 4,
        };
        return new SubInterface(Name, endpoint.InterfaceName, parent)
        {
            // With passthru the container has the parent's own.
            HardwareAddress = mode == 8 || endpoint.MacAddress.Length == 0 ? [] : HardwareAddress.Parse(endpoint.MacAddress),
            Mtu = network.Mtu,
            Mode = BitConverter.GetBytes(mode),
        };
    }
}
