using System.Net;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>What containers may learn about each other's names.</summary>
internal sealed partial class EngineNetworks
{
    private readonly Lock _namesLock = new();
    private NameTable? _names;

    /// <summary>The table is made anew at the next question: nobody may ask between a hundred starts.</summary>
    private void ForgetNames()
    {
        lock (_namesLock)
        {
            _names = null;
        }
    }

    private NameTable Names()
    {
        lock (_namesLock)
        {
            return _names ??= new NameTable(
                _sandboxes.Values, endpoint => _catalog.Find(endpoint.NetworkId) is { IsPredefined: false });
        }
    }

    private void ServeNames()
    {
        ForgetNames();
        var gateways = new List<IPAddress>();
        foreach (var network in _catalog.All.Where(network => !network.IsPredefined))
        {
            if (Ipv4Subnet.TryParseAddress(network.Gateway, out var gateway))
            {
                gateways.Add(gateway);
            }
        }

        _nameServer.Serve(gateways, Names);
    }
}
