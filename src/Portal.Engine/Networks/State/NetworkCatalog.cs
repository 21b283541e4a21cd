using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
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
    public const string MacvlanDriver = "macvlan";
    public const string IpvlanDriver = "ipvlan";
    public const string OverlayDriver = "overlay";
    public const string HostDriver = "host";
    public const string NullDriver = "null";
    private const int ShortestPrefix = 4;

    private readonly StateFolder<NetworkDefinition> _folder = new(
        Path.Combine(options.DataRoot, "networks"), durable: true, NetworkJsonContext.Default.NetworkDefinition, files,
        new NetworkDefinition { Id = "", Name = "", Driver = "", Created = default });

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
    /// Gives a network subnets when it has none, or when the host came to use the ones that it has and nothing depends on them.
    /// </summary>
    /// <param name="network">One of this catalog. The caller holds the lock of <see cref="IHostSubnets.LockChoiceAsync"/>.</param>
    /// <param name="inUse">True while containers have addresses of it.</param>
    public NetworkDefinition Settle(NetworkDefinition network, bool inUse)
    {
        if (network.Driver is HostDriver or NullDriver)
        {
            return network;
        }

        var used = network is { IsSubnetFixed: true, HasIpv6: false } ? [] : Used(network);
        var settled = network;
        if (network is { HasIpv4: true, IsSubnetFixed: false } && !Keeps(network.Subnet, inUse, used))
        {
            var subnet = SubnetChooser.Choose(used);
            settled = settled with { Subnet = subnet.ToString(), Gateway = subnet.AddressAt(1).ToString() };
        }

        if (network is { HasIpv6: true, IsSubnet6Fixed: false } && !Keeps(network.Subnet6, inUse, used))
        {
            var subnet = SubnetChooser.ChooseIpv6(GlobalId(), used);
            settled = settled with { Subnet6 = subnet.ToString(), Gateway6 = subnet.AddressAt(1).ToString() };
        }

        return settled == network ? network : Save(settled);
    }

    /// <summary>Writes a new network down, with subnets that nothing uses. The caller holds the lock of the choice.</summary>
    /// <exception cref="EngineException">Conflict: the name is taken. Forbidden: a subnet overlaps another.</exception>
    public NetworkDefinition Add(NetworkRequest request)
    {
        if (_networks.ContainsKey(request.Name))
        {
            throw EngineException.Conflict($"network with name {request.Name} already exists");
        }

        var network = NetworkPlanner.Plan(NetworkConfig.Complete(request, Find), options.Name, clock.GetUtcNow());
        if (network.HasBridge && _networks.Values.Any(other => other.InterfaceName == network.InterfaceName))
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"bridge {network.InterfaceName} belongs to another network");
        }

        RefuseOverlap(network, network.Subnet);
        RefuseOverlap(network, network.Subnet6);
        return network.IsConfigOnly ? Save(network) : Save(Settle(network, inUse: false));
    }

    /// <summary>Writes a network down that was changed.</summary>
    public void Change(NetworkDefinition network) => Save(network);

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

    private static bool Keeps(string subnet, bool inUse, IReadOnlyCollection<IpSubnet> used) =>
        IpSubnet.TryParse(subnet, out var present) && (inUse || SubnetChooser.IsFree(present, used));

    /// <summary>What the host has, and what networks have whose links show no addresses there.</summary>
    private List<IpSubnet> Used(NetworkDefinition network)
    {
        return [.. subnets.Used(network.InterfaceName), .. OfOthers(network)];
    }

    private void RefuseOverlap(NetworkDefinition network, string text)
    {
        if (!IpSubnet.TryParse(text, out var subnet))
        {
            return;
        }

        // A macvlan's subnet is that of its parent, which the host has of course.
        var isOnParent = network.Driver is MacvlanDriver or IpvlanDriver;
        if (!SubnetChooser.IsFree(subnet, isOnParent ? OfOthers(network) : Used(network)))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"invalid pool request: Pool overlaps with other one on this address space: {subnet} is used by "
                + (isOnParent ? "another network" : "this host's addresses or routes, or by another network"));
        }
    }

    private List<IpSubnet> OfOthers(NetworkDefinition network) =>
    [
        .. _networks.Values.Where(other => other.Id != network.Id)
            .SelectMany(other => new[] { other.Subnet, other.Subnet6 })
            .Select(text => IpSubnet.TryParse(text, out var subnet) ? subnet : (IpSubnet?)null)
            .OfType<IpSubnet>(),
    ];

    /// <summary>RFC 4193 wants 40 random bits that stay: the id of the default bridge is random and kept.</summary>
    private byte[] GlobalId() => SHA256.HashData(Encoding.ASCII.GetBytes(_networks["bridge"].Id))[..5];

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

    private static bool IsSound(NetworkDefinition network) =>
        IsSound(network.Subnet, network.Gateway) && IsSound(network.Subnet6, network.Gateway6);

    private static bool IsSound(string range, string gateway)
    {
        return range.Length == 0
            || (IpSubnet.TryParse(range, out var subnet) && IpSubnet.TryParseAddress(gateway, out var address) && subnet.Contains(address));
    }
}
