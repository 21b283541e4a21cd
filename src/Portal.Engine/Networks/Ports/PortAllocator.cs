using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Networks.Ports;

/// <summary>
/// Which ports of the host belong to this instance's containers. One per engine, thread-safe. A port of all addresses and the same port
/// of one address exclude each other.
/// </summary>
internal sealed class PortAllocator(IHostPorts host) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(PortProtocol Protocol, int Port), List<Reservation>> _taken = [];

    // Not the first: several engines on a machine, and one that restarts, would all ask for the same ports.
    private int _nextRandom = Random.Shared.Next(ushort.MaxValue);

    /// <summary>Takes all of the ports, or none.</summary>
    /// <returns>The bindings with host ports filled in, in order.</returns>
    /// <exception cref="EngineException">Conflict: one is in use, in Docker's words.</exception>
    public IReadOnlyList<PortBinding> Reserve(IReadOnlyList<PortRequest> requests)
    {
        lock (_lock)
        {
            var reserved = new List<PortBinding>(requests.Count);
            try
            {
                foreach (var request in requests)
                {
                    reserved.Add(request.Binding.HostPort == 0 ? ReserveRandom(request) : ReserveGiven(request));
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
    public bool Restore(PortRequest request)
    {
        lock (_lock)
        {
            if (IsTaken(request, request.Binding.HostPort))
            {
                return true;
            }

            var hold = host.TryHold(request.Binding.Protocol, request.Address, request.Binding.HostPort);
            Add(request, request.Binding.HostPort, hold);
            return hold is not null;
        }
    }

    /// <summary>Gives ports back; those that are not taken are passed over.</summary>
    public void Release(IReadOnlyList<PortBinding> bindings)
    {
        lock (_lock)
        {
            ReleaseAll(bindings);
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

    private PortBinding ReserveGiven(PortRequest request)
    {
        var port = request.Binding.HostPort;
        if (IsTaken(request, port))
        {
            throw EngineException.Conflict($"Bind for {request.Address}:{port} failed: port is already allocated");
        }

        var hold = host.TryHold(request.Binding.Protocol, request.Address, port)
            ?? throw EngineException.Conflict(
                $"failed to bind host port {request.Address}:{port}/{NameOf(request.Binding.Protocol)}: address already in use");
        return Add(request, port, hold);
    }

    private PortBinding ReserveRandom(PortRequest request)
    {
        var (first, last) = host.RandomRange;
        var count = last - first + 1;
        for (var attempt = 0; attempt < count; attempt++)
        {
            var port = first + (_nextRandom % count);
            _nextRandom = (_nextRandom + 1) % count;
            if (!IsTaken(request, port) && host.TryHold(request.Binding.Protocol, request.Address, port) is { } hold)
            {
                return Add(request, port, hold);
            }
        }

        throw EngineException.Conflict(
            $"Bind for {request.Address}:0 failed: all ports are allocated ({first} to {last}). Remove a container, or name a port.");
    }

    private PortBinding Add(PortRequest request, int port, IDisposable? hold)
    {
        var key = (request.Binding.Protocol, port);
        if (!_taken.TryGetValue(key, out var reservations))
        {
            _taken[key] = reservations = [];
        }

        reservations.Add(new Reservation(request.Address, hold));
        return request.Binding with { HostPort = port };
    }

    private bool IsTaken(PortRequest request, int port)
    {
        return _taken.TryGetValue((request.Binding.Protocol, port), out var reservations)
            && reservations.Exists(other => Overlap(other.Address, request.Address));
    }

    private void ReleaseAll(IReadOnlyList<PortBinding> bindings)
    {
        foreach (var binding in bindings)
        {
            var key = (binding.Protocol, binding.HostPort);
            var address = PortRequest.Parse(binding).Address;
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
        return left.Equals(right) || left.Equals(IPAddress.Any) || right.Equals(IPAddress.Any);
    }

    private static string NameOf(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };

    private sealed record Reservation(IPAddress Address, IDisposable? Hold);
}
