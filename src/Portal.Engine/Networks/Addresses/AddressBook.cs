using System.Net;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Addresses;

/// <summary>The pools of all networks, by family. Thread-safe.</summary>
internal sealed class AddressBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string NetworkId, bool IsIpv6), AddressPool> _pools = [];

    /// <summary>Opens a network's pools.</summary>
    public void Add(NetworkDefinition network)
    {
        lock (_lock)
        {
            Add(network, network.Subnet, network.Gateway, network.IpRange);
            Add(network, network.Subnet6, network.Gateway6, network.IpRange6);
        }
    }

    public void Remove(string networkId)
    {
        lock (_lock)
        {
            _pools.Remove((networkId, false));
            _pools.Remove((networkId, true));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _pools.Clear();
        }
    }

    /// <summary>The next free address of a family.</summary>
    /// <exception cref="Errors.EngineException">Unavailable: there is none.</exception>
    public IPAddress Take(string networkId, bool isIpv6)
    {
        lock (_lock)
        {
            return _pools[(networkId, isIpv6)].Take();
        }
    }

    /// <summary>Takes a given address; false when it is taken.</summary>
    public bool TryTake(string networkId, IPAddress address)
    {
        lock (_lock)
        {
            return _pools.TryGetValue((networkId, IsIpv6(address)), out var pool) && pool.TryTake(address);
        }
    }

    /// <summary>Gives an endpoint's addresses back.</summary>
    public void Release(NetworkEndpoint endpoint)
    {
        foreach (var text in new[] { endpoint.Address, endpoint.Address6 })
        {
            if (IpSubnet.TryParseAddress(text, out var address))
            {
                Release(endpoint.NetworkId, address);
            }
        }
    }

    /// <summary>Gives one address back.</summary>
    public void Release(string networkId, IPAddress address)
    {
        lock (_lock)
        {
            if (_pools.TryGetValue((networkId, IsIpv6(address)), out var pool))
            {
                pool.Release(address);
            }
        }
    }

    /// <summary>Takes the addresses of an endpoint that is there already.</summary>
    public void Restore(NetworkEndpoint endpoint)
    {
        foreach (var text in new[] { endpoint.Address, endpoint.Address6 })
        {
            if (IpSubnet.TryParseAddress(text, out var address))
            {
                TryTake(endpoint.NetworkId, address);
            }
        }
    }

    private void Add(NetworkDefinition network, string range, string gateway, string part)
    {
        if (!IpSubnet.TryParse(range, out var subnet))
        {
            return;
        }

        var kept = network.AuxiliaryAddresses.Values.Append(gateway)
            .Select(text => IpSubnet.TryParseAddress(text, out var address) ? address : null)
            .OfType<IPAddress>();
        _pools[(network.Id, subnet.IsIpv6)] = new AddressPool(subnet, kept, IpSubnet.TryParse(part, out var parsed) ? parsed : null);
    }

    private static bool IsIpv6(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
