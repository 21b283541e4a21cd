using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Storage;

namespace Portal.Engine.Networks.State;

/// <summary>
/// The networks that are written down. Three are always there: <c>bridge</c>, <c>host</c>, <c>none</c>. One per engine; reads are
/// thread-safe, changes happen while the engine reconciles.
/// </summary>
internal sealed class NetworkCatalog(EngineOptions options, IHostSubnets subnets, IDurableFiles files, TimeProvider clock)
{
    public const string BridgeDriver = "bridge";
    public const string HostDriver = "host";
    public const string NullDriver = "null";
    private const int ShortestPrefix = 4;

    private readonly StateFolder<NetworkDefinition> _folder = new(
        Path.Combine(options.DataRoot, "networks"), durable: true, NetworkJsonContext.Default.NetworkDefinition, files);

    private readonly ConcurrentDictionary<string, NetworkDefinition> _networks = new(StringComparer.Ordinal);

    /// <summary>All networks.</summary>
    public IReadOnlyList<NetworkDefinition> All => [.. _networks.Values.OrderBy(network => network.Name, StringComparer.Ordinal)];

    /// <summary>A network by its name or id, or null.</summary>
    public NetworkDefinition? Find(string nameOrId)
    {
        return _networks.GetValueOrDefault(nameOrId)
            ?? _networks.Values.FirstOrDefault(network => network.Id == nameOrId)
            ?? (nameOrId.Length >= ShortestPrefix ? FindByPrefix(nameOrId) : null);
    }

    /// <summary>Reads what is written, and writes what must be there and is not.</summary>
    public void Load()
    {
        _networks.Clear();
        foreach (var (id, network) in _folder.Load())
        {
            if (network is null || network.Id != id || !IsSound(network))
            {
                throw new EngineException(
                    EngineErrorKind.Internal,
                    $"Reading the state of network {id} failed: its file in '{options.DataRoot}/networks' is damaged. "
                    + "Restore it, or remove it to have the network made anew.");
            }

            _networks[network.Name] = network;
        }

        AddMissing("bridge", BridgeDriver, options.Name + "0");
        AddMissing("host", HostDriver, "");
        AddMissing("none", NullDriver, "");
    }

    /// <summary>
    /// Gives a network a subnet when it has none, or when the host came to use the one that it has and nothing depends on it.
    /// </summary>
    /// <param name="network">One of this catalog. The caller holds the lock of <see cref="IHostSubnets.LockChoiceAsync"/>.</param>
    /// <param name="inUse">True while containers have addresses of it.</param>
    public NetworkDefinition Settle(NetworkDefinition network, bool inUse)
    {
        if (network.IsSubnetFixed)
        {
            return network;
        }

        var used = subnets.Used(network.InterfaceName);
        if (Ipv4Subnet.TryParse(network.Subnet, out var present) && (inUse || SubnetChooser.IsFree(present, used)))
        {
            return network;
        }

        var subnet = SubnetChooser.Choose(used);
        return Save(network with { Subnet = subnet.ToString(), Gateway = subnet.AddressAt(1).ToString() });
    }

    /// <summary>Writes a new network down, with a subnet that nothing uses. The caller holds the lock of the choice.</summary>
    /// <exception cref="EngineException">Conflict: the name is taken. Forbidden: the subnet overlaps another.</exception>
    public NetworkDefinition Add(NetworkRequest request)
    {
        if (_networks.ContainsKey(request.Name))
        {
            throw EngineException.Conflict($"network with name {request.Name} already exists");
        }

        var network = NetworkPlanner.Plan(request, options.Name, clock.GetUtcNow());
        if (_networks.Values.Any(other => other.InterfaceName == network.InterfaceName))
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"bridge {network.InterfaceName} belongs to another network");
        }

        if (!network.IsSubnetFixed)
        {
            return Settle(network, inUse: false);
        }

        Ipv4Subnet.TryParse(network.Subnet, out var subnet);
        return SubnetChooser.IsFree(subnet, subnets.Used(""))
            ? Save(network)
            : throw new EngineException(
                EngineErrorKind.Forbidden,
                $"invalid pool request: Pool overlaps with other one on this address space: this host has addresses or routes of {subnet}");
    }

    /// <summary>Forgets a network.</summary>
    public void Remove(NetworkDefinition network)
    {
        _folder.Delete(network.Id);
        _networks.TryRemove(network.Name, out _);
    }

    /// <summary>Removes what is written.</summary>
    public void Clear()
    {
        foreach (var network in _networks.Values)
        {
            _folder.Delete(network.Id);
        }

        _networks.Clear();
    }

    private NetworkDefinition? FindByPrefix(string prefix)
    {
        var found = _networks.Values.Where(network => network.Id.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToArray();
        return found is [var one] ? one : null;
    }

    private void AddMissing(string name, string driver, string interfaceName)
    {
        if (!_networks.ContainsKey(name))
        {
            Save(new NetworkDefinition
            {
                Id = RandomNumberGenerator.GetHexString(64, lowercase: true),
                Name = name,
                Driver = driver,
                Created = clock.GetUtcNow(),
                InterfaceName = interfaceName,
            });
        }
    }

    private NetworkDefinition Save(NetworkDefinition network)
    {
        _folder.Save(network.Id, network);
        _networks[network.Name] = network;
        return network;
    }

    private static bool IsSound(NetworkDefinition network)
    {
        return network.Subnet.Length == 0
            || (Ipv4Subnet.TryParse(network.Subnet, out var subnet)
                && Ipv4Subnet.TryParseAddress(network.Gateway, out var gateway)
                && subnet.Contains(gateway));
    }
}
