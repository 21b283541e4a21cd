using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.SubInterfaces;

/// <summary>
/// The links that macvlans and ipvlans stand on. One that the host has is used and left alone. <c>eth0.10</c> that it does not have is
/// made, as VLAN 10 of <c>eth0</c>, and removed with the network: a note on the link tells whose it is, so that a restart
/// forgets nothing. A network without a parent stands on one end of a cable whose other end nobody uses.
/// </summary>
/// <param name="instance">The engine's name.</param>
internal sealed class ParentLinks(string instance)
{
    private const string VlanKind = "vlan";
    private const string VethKind = "veth";
    private const int LastVlan = 4094;

    /// <summary>Makes the link when it is missing, and sets what is ours up.</summary>
    /// <returns>True when it was missing.</returns>
    public bool Ensure(RouteSocket routes, NetworkDefinition network)
    {
        var isMissing = routes.FindLink(network.InterfaceName) is null;
        if (network.Settings.Parent.Length == 0)
        {
            EnsureCable(routes, network);
        }
        else if (isMissing)
        {
            AddVlan(routes, network, network.InterfaceName);
        }

        return isMissing;
    }

    /// <summary>Removes the link when this engine made it for the network.</summary>
    public void Remove(RouteSocket routes, NetworkDefinition network)
    {
        if (network.InterfaceName.Length > 0 && routes.FindLink(network.InterfaceName)?.Alias == NoteOf(network))
        {
            routes.Delete(network.InterfaceName);
        }
    }

    private void EnsureCable(RouteSocket routes, NetworkDefinition network)
    {
        var name = network.InterfaceName;
        if (routes.FindLink(name) is not { } link)
        {
            routes.AddCable(name, OtherEnd(name));
            link = routes.GetLink(name);
            routes.SetAlias(link.Index, NoteOf(network));
        }

        if (link.Kind != VethKind)
        {
            throw EngineException.Conflict($"Making network {network.Name} failed: an interface {name} exists and is not ours.");
        }

        foreach (var end in new[] { name, OtherEnd(name) })
        {
            Sysctl.SetWhereKnown($"net/ipv6/conf/{end}/disable_ipv6", "1");
            routes.SetUp(routes.GetLink(end).Index);
        }
    }

    private void AddVlan(RouteSocket routes, NetworkDefinition network, string name)
    {
        var dot = name.LastIndexOf('.');
        var isVlan = dot > 0 && int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= LastVlan;
        if (!isVlan)
        {
            throw EngineException.InvalidArgument(
                $"parent interface {name} was not found on this host, and is no VLAN of one to be made, such as eth0.10");
        }

        var below = routes.FindLink(name[..dot]) ?? throw EngineException.InvalidArgument(
            $"parent interface {name} can't be made: this host has no interface {name[..dot]}");
        var vlan = ushort.Parse(name[(dot + 1)..], CultureInfo.InvariantCulture);
        try
        {
            routes.AddSubInterface(new SubInterface(VlanKind, name, below.Index) { Mode = BitConverter.GetBytes(vlan) });
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Errno.NotSupported)
        {
            throw EngineException.InvalidArgument(
                $"parent interface {name} can't be made: this host's kernel has no VLANs (module 8021q). "
                + "Load it, or name an interface that is there.");
        }

        var made = routes.GetLink(name);
        routes.SetAlias(made.Index, NoteOf(network));
        routes.SetUp(made.Index);
    }

    private string NoteOf(NetworkDefinition network) => $"portal {instance} network {network.Id}";

    // Names of our own end in hexadecimal digits, which this letter is none of.
    private static string OtherEnd(string name) => name[..^1] + "x";
}
