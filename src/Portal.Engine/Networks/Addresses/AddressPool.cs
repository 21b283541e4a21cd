using System.Collections;
using System.Net;
using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Addresses;

/// <summary>
/// Which addresses of one subnet are taken. Gives the lowest free one, as Docker does. Not thread-safe: the caller holds a lock.
/// </summary>
internal sealed class AddressPool
{
    // A /8 has 16 million addresses; no host runs that many containers, so no more than these are ever looked at.
    private const int MaximumSize = 1 << 16;

    private readonly Ipv4Subnet _subnet;
    private readonly BitArray _taken;
    private readonly int _first;
    private readonly int _end;
    private int _lowestFree;

    /// <param name="subnet">The addresses to give.</param>
    /// <param name="gateway">The host's own address in it, never given.</param>
    /// <param name="range">The part of the subnet that addresses are given from; null for all of it.</param>
    public AddressPool(Ipv4Subnet subnet, IPAddress gateway, Ipv4Subnet? range = null)
    {
        _subnet = subnet;
        _taken = new BitArray((int)Math.Min(subnet.Size, MaximumSize));
        _taken[0] = true;
        if (subnet.Size <= MaximumSize)
        {
            // The last one is for broadcasts (RFC 919).
            _taken[^1] = true;
        }

        _first = range is { } part ? (int)Math.Min(subnet.IndexOf(part.Network), MaximumSize) : 0;
        _end = range is { } end ? (int)Math.Min(_first + end.Size, _taken.Length) : _taken.Length;
        _lowestFree = _first;
        TryTake(gateway);
    }

    /// <summary>Takes the lowest free address.</summary>
    /// <exception cref="EngineException">Unavailable: there is none.</exception>
    public IPAddress Take()
    {
        for (var index = _lowestFree; index < _end; index++)
        {
            if (!_taken[index])
            {
                _taken[index] = true;
                _lowestFree = index + 1;
                return _subnet.AddressAt(index);
            }
        }

        throw new EngineException(
            EngineErrorKind.Unavailable,
            $"no available IPv4 addresses on this network's address pool {_subnet}: remove a container, or use another network.");
    }

    /// <summary>Takes a given address; false when it is taken or not one of this pool.</summary>
    public bool TryTake(IPAddress address)
    {
        var index = _subnet.IndexOf(address);
        if (index < 0 || index >= _taken.Length || _taken[(int)index])
        {
            return false;
        }

        _taken[(int)index] = true;
        return true;
    }

    /// <summary>Gives an address back. Does nothing for one that is not of this pool.</summary>
    public void Release(IPAddress address)
    {
        var index = _subnet.IndexOf(address);
        if (index > 0 && index < _taken.Length)
        {
            _taken[(int)index] = false;
            _lowestFree = Math.Max(_first, Math.Min(_lowestFree, (int)index));
        }
    }
}
