using System.Net;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.State;

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
                _sandboxes.Values, endpoint => _catalog.Find(endpoint.NetworkId) is { IsPredefined: false }, RemoteNames());
        }
    }

    /// <param name="leaving">A network that is being removed: nobody is answered there any more.</param>
    private Task ServeNames(NetworkDefinition? leaving = null)
    {
        ForgetNames();
        var places = new List<NameServerPlace>();
        foreach (var network in _catalog.All.Where(network => network is { IsPredefined: false, HasBridge: true }))
        {
            if (network.Id == leaving?.Id)
            {
                continue;
            }

            foreach (var text in new[] { network.Gateway, network.Gateway6 })
            {
                // The others have no address of the host's where it could be asked.
                if (NameServerOf(network) != NameTable.InsideAddress && IpSubnet.TryParseAddress(text, out var gateway))
                {
                    places.Add(new NameServerPlace(gateway));
                }
            }
        }

        // Those who have none ask inside; a socket there holds the namespace, so it must go before the container does.
        places.AddRange(_sandboxes.Values.Where(AsksInside).Select(record => new NameServerPlace(
            IPAddress.Parse(NameTable.InsideAddress), record.Sandbox.NamespacePath, record.Sandbox.ContainerId)));
        return _nameServer.Serve(places, Names);
    }

    /// <summary>After a container came or went.</summary>
    private void NamesChanged(SandboxRecord record)
    {
        if (AsksInside(record))
        {
            _ = ServeNames();
        }
        else
        {
            ForgetNames();
        }
    }

    private static bool AsksInside(SandboxRecord record) =>
        record.Sandbox.NamespacePath is not null
        && record.Sandbox.Endpoints.Any(endpoint => endpoint.NameServer == NameTable.InsideAddress);
}
