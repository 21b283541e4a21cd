using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Networks.Ports;

/// <summary>
/// Which ports of the host belong to this instance's containers. One per engine, thread-safe. A port of all addresses and the same port
/// of one address exclude each other.
/// </summary>
internal sealed class PortAllocator(IHostPorts host, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(PortProtocol Protocol, int Port), List<Reservation>> _taken = [];
    private readonly ReleasedPorts _released = new(clock);

    // Not the first: several engines on a machine, and one that restarts, would all ask for the same ports.
    private int _nextRandom = Random.Shared.Next(ushort.MaxValue);

    /// <summary>Takes all of the ports, or none.</summary>
    /// <returns>The bindings with host ports filled in, in order: one for each of a request's addresses.</returns>
    /// <exception cref="EngineException">Conflict: one is in use, in Docker's words.</exception>
    /// <exception cref="LingeringPortException">The same, where it may be free in a moment.</exception>
    public IReadOnlyList<PortBinding> Reserve(IReadOnlyList<PortRequest> requests)
    {
        lock (_lock)
        {
            var reserved = new List<PortBinding>(requests.Count);
            try
            {
                foreach (var request in requests.Where(request => request.Addresses.Count > 0))
                {
                    reserved.AddRange(Reserve(request));
                }

                return reserved;
            }
            catch
            {
                ReleaseAll(reserved);
                throw;
            }
        }
    }

    /// <summary>Takes a port that a running container had before the engine started.</summary>
    /// <returns>
    /// False when a process of the host has taken it meanwhile; it is the container's all the same, since its rules come first.
    /// </returns>
    public bool Restore(PortBinding binding)
    {
        var address = PortRequest.AddressOf(binding);
        lock (_lock)
        {
            if (IsTaken(binding.Protocol, address, binding.HostPort))
            {
                return true;
            }

            var hold = host.TryHold(binding.Protocol, address, binding.HostPort);
            Add(binding.Protocol, address, binding.HostPort, hold);
            return hold is not null;
        }
    }

    /// <summary>Gives ports back; those that are not taken are passed over.</summary>
    public void Release(IReadOnlyList<PortBinding> bindings)
    {
        lock (_lock)
        {
            ReleaseAll(bindings);
            foreach (var binding in bindings)
            {
                _released.Add(binding.Protocol, binding.HostPort);
            }
        }
    }

    /// <summary>Ends all holds, as the end of the process does. The containers keep their rules.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var reservation in _taken.Values.SelectMany(reservations => reservations))
            {
                reservation.Hold?.Dispose();
            }

            _taken.Clear();
        }
    }

    private List<PortBinding> Reserve(PortRequest request)
    {
        var binding = request.Binding;
        return binding switch
        {
            { HostPort: 0 } => ReserveRandom(request),
            { LastHostPort: > 0 } => ReserveOfRange(request),
            _ => TryReserve(request, binding.HostPort, out var refusal) ?? throw refusal!,
        };
    }

    private List<PortBinding> ReserveOfRange(PortRequest request)
    {
        EngineException? refusal = null;
        for (var port = request.Binding.HostPort; port <= request.Binding.LastHostPort; port++)
        {
            if (TryReserve(request, port, out refusal) is { } found)
            {
                return found;
            }
        }

        throw refusal!;
    }

    private List<PortBinding> ReserveRandom(PortRequest request)
    {
        var (first, last) = host.RandomRange;
        var count = last - first + 1;
        for (var attempt = 0; attempt < count; attempt++)
        {
            var port = first + (_nextRandom % count);
            _nextRandom = (_nextRandom + 1) % count;
            if (TryReserve(request, port, out _) is { } found)
            {
                return found;
            }
        }

        throw EngineException.Conflict(
            $"Bind for {request.Addresses[0]}:0 failed: all ports are allocated ({first} to {last}). Remove a container, or name a port.");
    }

    /// <summary>Takes one port at all of the request's addresses; null when it is in use at one of them.</summary>
    private List<PortBinding>? TryReserve(PortRequest request, int port, out EngineException? refusal)
    {
        var (protocol, reserved) = (request.Binding.Protocol, new List<PortBinding>());
        refusal = null;
        try
        {
            foreach (var address in request.Addresses)
            {
                refusal = Refusal(protocol, address, port);
                if (refusal is not null)
                {
                    ReleaseAll(reserved);
                    return null;
                }

                var text = address.Equals(IPAddress.Any) ? request.Binding.HostAddress : address.ToString();
                reserved.Add(request.Binding with { HostAddress = text, HostPort = port, LastHostPort = 0 });
            }

            return reserved;
        }
        catch
        {
            ReleaseAll(reserved);
            throw;
        }
    }

    /// <summary>Takes a port at one address, or says why not.</summary>
    private EngineException? Refusal(PortProtocol protocol, IPAddress address, int port)
    {
        if (IsTaken(protocol, address, port))
        {
            return EngineException.Conflict($"Bind for {address}:{port} failed: port is already allocated");
        }

        if (host.TryHold(protocol, address, port) is not { } hold)
        {
            var words = $"failed to bind host port {new IPEndPoint(address, port)}/{NameOf(protocol)}: address already in use";
            return _released.IsRecent(protocol, port) ? new LingeringPortException(words) : EngineException.Conflict(words);
        }

        Add(protocol, address, port, hold);
        return null;
    }

    private void Add(PortProtocol protocol, IPAddress address, int port, IDisposable? hold)
    {
        var key = (protocol, port);
        if (!_taken.TryGetValue(key, out var reservations))
        {
            _taken[key] = reservations = [];
        }

        reservations.Add(new Reservation(address, hold));
    }

    private bool IsTaken(PortProtocol protocol, IPAddress address, int port)
    {
        return _taken.TryGetValue((protocol, port), out var reservations)
            && reservations.Exists(other => Overlap(other.Address, address));
    }

    private void ReleaseAll(IReadOnlyList<PortBinding> bindings)
    {
        foreach (var binding in bindings)
        {
            var key = (binding.Protocol, binding.HostPort);
            var address = PortRequest.AddressOf(binding);
            if (!_taken.TryGetValue(key, out var reservations)
                || reservations.FindIndex(other => other.Address.Equals(address)) is not (>= 0 and var index))
            {
                continue;
            }

            reservations[index].Hold?.Dispose();
            reservations.RemoveAt(index);
            if (reservations.Count == 0)
            {
                _taken.Remove(key);
            }
        }
    }

    private static bool Overlap(IPAddress left, IPAddress right)
    {
        return left.AddressFamily == right.AddressFamily && (left.Equals(right) || IsAny(left) || IsAny(right));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string NameOf(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };

    private sealed record Reservation(IPAddress Address, IDisposable? Hold);
}
