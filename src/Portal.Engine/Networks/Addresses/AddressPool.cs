using System.Net;
using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Addresses;

/// <summary>
/// Which addresses of one subnet are taken. Gives the lowest free one, as Docker does. Costs memory for what is taken alone, so that
/// an IPv6 subnet is no larger than another. Not thread-safe: the caller holds a lock.
/// </summary>
internal sealed class AddressPool
{
    private readonly IpSubnet _subnet;
    private readonly HashSet<UInt128> _taken = [];
    private readonly UInt128 _first;
    private readonly UInt128 _last;
    private UInt128 _lowestFree;

    /// <param name="subnet">The addresses to give.</param>
    /// <param name="kept">Addresses that are never given: the host's own, and those of others.</param>
    /// <param name="range">The part of the subnet that addresses are given from; null for all of it.</param>
    public AddressPool(IpSubnet subnet, IEnumerable<IPAddress> kept, IpSubnet? range = null)
    {
        _subnet = subnet;

        // The first one is the subnet's own (in IPv6 its routers', RFC 4291 2.6.1); the last one of IPv4 is for broadcasts (RFC 919).
        _taken.Add(0);
        if (!subnet.IsIpv6)
        {
            _taken.Add(subnet.LastIndex);
        }

        _first = range is { } part ? subnet.IndexOf(part.Network) ?? 0 : 0;
        _last = range is { } whole ? subnet.IndexOf(whole.Last) ?? subnet.LastIndex : subnet.LastIndex;
        _lowestFree = _first;
        foreach (var address in kept)
        {
            TryTake(address);
        }
    }

    /// <summary>Takes the lowest free address.</summary>
    /// <exception cref="EngineException">Unavailable: there is none.</exception>
    public IPAddress Take()
    {
        for (var index = _lowestFree; index <= _last; index++)
        {
            if (_taken.Add(index))
            {
                _lowestFree = index + 1;
                return _subnet.AddressAt(index);
            }
        }

        throw new EngineException(
            EngineErrorKind.Unavailable,
            $"no available {(_subnet.IsIpv6 ? "IPv6" : "IPv4")} addresses on this network's address pool {_subnet}: "
            + "remove a container, or use another network.");
    }

    /// <summary>Takes a given address; false when it is taken or not one of this subnet.</summary>
    public bool TryTake(IPAddress address) => _subnet.IndexOf(address) is { } index && _taken.Add(index);

    /// <summary>Gives an address back. Does nothing for one that is not of this subnet, or that nobody may have.</summary>
    public void Release(IPAddress address)
    {
        if (_subnet.IndexOf(address) is not { } index || index == 0 || (!_subnet.IsIpv6 && index == _subnet.LastIndex))
        {
            return;
        }

        _taken.Remove(index);
        if (index >= _first && index < _lowestFree)
        {
            _lowestFree = index;
        }
    }
}
