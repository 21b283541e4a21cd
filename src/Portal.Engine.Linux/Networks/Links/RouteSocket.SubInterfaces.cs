using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Links;

internal sealed partial class RouteSocket
{
    private const ushort FirstSetting = 1;
    private const ushort SecondSetting = 2;

    /// <summary>Makes an interface on another one, here or in another namespace.</summary>
    /// <param name="made">What to make.</param>
    /// <param name="namespaceFd">Where it goes; -1 for here.</param>
    public void AddSubInterface(SubInterface made, int namespaceFd = -1)
    {
        var request = new NetlinkRequest($"add {made.Kind} {made.Name}", RouteConstants.NewLink, CreateNew)
            .Link()
            .Attribute(RouteConstants.LinkName, made.Name)
            .Attribute(RouteConstants.LinkParent, made.Parent);
        if (namespaceFd >= 0)
        {
            request.Attribute(RouteConstants.LinkNamespaceFd, namespaceFd);
        }

        if (made.Mtu > 0)
        {
            request.Attribute(RouteConstants.LinkMtu, made.Mtu);
        }

        if (made.HardwareAddress.Length > 0)
        {
            request.Attribute(RouteConstants.LinkAddress, made.HardwareAddress);
        }

        request.Nested(RouteConstants.LinkInfo, info => info
            .Attribute(RouteConstants.InfoKind, made.Kind)
            .Nested(RouteConstants.InfoData, data =>
            {
                data.Attribute(FirstSetting, made.Mode);
                if (made.Flags.Length > 0)
                {
                    data.Attribute(SecondSetting, made.Flags);
                }
            }));
        _socket.Execute(request);
    }

    /// <summary>Makes a pair of linked interfaces, both here.</summary>
    public void AddCable(string name, string otherEnd)
    {
        var request = new NetlinkRequest($"add veth {name}", RouteConstants.NewLink, CreateNew)
            .Link()
            .Attribute(RouteConstants.LinkName, name)
            .Nested(RouteConstants.LinkInfo, info => info
                .Attribute(RouteConstants.InfoKind, "veth")
                .Nested(RouteConstants.InfoData, data => data
                    .Nested(RouteConstants.VethPeer, peer => peer.Link().Attribute(RouteConstants.LinkName, otherEnd))));
        _socket.Execute(request);
    }

    /// <summary>Puts a note on a link (IFLA_IFALIAS), which changes nothing of it.</summary>
    public void SetAlias(int index, string note)
    {
        var request = new NetlinkRequest($"note on link {index}", RouteConstants.SetLink, 0)
            .Link(index: index)
            .Attribute(RouteConstants.LinkAlias, note);
        _socket.Execute(request);
    }
}
