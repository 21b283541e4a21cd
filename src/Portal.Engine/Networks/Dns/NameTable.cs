using System.Net;
using System.Net.Sockets;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Dns;

/// <summary>The names of all containers on user-defined networks, at one moment. Immutable.</summary>
internal sealed class NameTable
{
    /// <summary>
    /// Where containers ask whose networks have no address of the host's: the engine answers there by a socket in their own namespace.
    /// </summary>
    public const string InsideAddress = "127.0.0.11";

    private readonly Dictionary<string, Dictionary<string, NameEntry>> _networks = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, NameClient> _byAddress = [];
    private readonly Dictionary<IPAddress, (Dictionary<string, NameEntry> Names, string Name)> _remotes = [];
    private readonly Dictionary<string, NameClient> _byContainer = new(StringComparer.Ordinal);

    public NameTable(
        IEnumerable<SandboxRecord> sandboxes, Func<NetworkEndpoint, bool> isServed, IEnumerable<RemoteName>? remotes = null)
    {
        foreach (var record in sandboxes)
        {
            var endpoints = record.Sandbox.Endpoints.Where(isServed).ToArray();
            var reachesOut = record.Sandbox.Endpoints.Any(endpoint => endpoint.HasDefaultRoute || endpoint.HasDefaultRoute6);
            var networks = endpoints.Select(endpoint => NamesOf(endpoint.NetworkId)).ToArray();
            // Loopback would be the host's from here, which is nothing for a container.
            var servers = record.Request.NameServers
                .Select(server => IPAddress.TryParse(server, out var address) ? address : null)
                .OfType<IPAddress>()
                .Where(address => !IPAddress.IsLoopback(address))
                .ToArray();
            foreach (var endpoint in endpoints)
            {
                var name = $"{record.Request.ContainerName}.{endpoint.NetworkName}".ToLowerInvariant();
                var client = new NameClient(networks, name, reachesOut) { Servers = servers };
                _byContainer[record.Sandbox.ContainerId] = client;
                foreach (var text in new[] { endpoint.Address, endpoint.Address6 })
                {
                    if (IPAddress.TryParse(text, out var address))
                    {
                        _byAddress[address] = client;
                        Add(NamesOf(endpoint.NetworkId), NamesOf(record.Request, endpoint), endpoint.NetworkName, address);
                    }
                }
            }
        }

        foreach (var remote in remotes ?? [])
        {
            var names = NamesOf(remote.NetworkId);
            Add(names, remote.Names, remote.NetworkName, remote.Address);
            _remotes[remote.Address] = (names, $"{remote.Names[0]}.{remote.NetworkName}".ToLowerInvariant());
        }
    }

    /// <summary>What a container is called on one of its networks, its own name first.</summary>
    public static IReadOnlyList<string> NamesOf(NetworkAttachment request, NetworkEndpoint endpoint)
    {
        var aliases = request.Networks
            .FirstOrDefault(network =>
                network.Network == endpoint.NetworkName
                || endpoint.NetworkId.StartsWith(network.Network, StringComparison.Ordinal))
            ?.Aliases ?? [];
        var shortId = request.ContainerId[..Math.Min(12, request.ContainerId.Length)];
        string[] names = [request.ContainerName, shortId, request.Hostname, .. aliases];
        return [.. names.Where(name => name.Length > 0).Select(name => name.ToLowerInvariant()).Distinct()];
    }

    /// <summary>The container with an address, or null.</summary>
    public NameClient? ClientAt(IPAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>A container by its id, or null when it is on no network with names.</summary>
    public NameClient? ClientOf(string containerId) => _byContainer.GetValueOrDefault(containerId);

    /// <summary>The name of an address, when both are on a network of the asker; else null.</summary>
    public string? FindName(NameClient? asker, IPAddress address)
    {
        if (asker is not null && _remotes.TryGetValue(address, out var remote))
        {
            return asker.Networks.Contains(remote.Names) ? remote.Name : null;
        }

        return asker is not null && _byAddress.TryGetValue(address, out var other) && asker.Networks.Intersect(other.Networks).Any()
            ? other.Name
            : null;
    }

    private Dictionary<string, NameEntry> NamesOf(string networkId)
    {
        if (!_networks.TryGetValue(networkId, out var names))
        {
            _networks[networkId] = names = new Dictionary<string, NameEntry>(StringComparer.Ordinal);
        }

        return names;
    }

    private static void Add(Dictionary<string, NameEntry> table, IEnumerable<string> names, string networkName, IPAddress address)
    {
        foreach (var name in names)
        {
            foreach (var form in new[] { name, $"{name}.{networkName.ToLowerInvariant()}" })
            {
                var entry = table.GetValueOrDefault(form, NameEntry.Nobody);
                table[form] = address.AddressFamily == AddressFamily.InterNetworkV6
                    ? entry with { Ipv6 = [.. entry.Ipv6, address] }
                    : entry with { Ipv4 = [.. entry.Ipv4, address] };
            }
        }
    }
}
