using System.Net;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Dns;

/// <summary>The names of all containers on user-defined networks, at one moment. Immutable.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<(string Network, string Name), List<IPAddress>> _addresses = [];
    private readonly Dictionary<IPAddress, Client> _clients = [];

    public NameTable(IEnumerable<SandboxRecord> sandboxes, Func<NetworkEndpoint, bool> isServed)
    {
        foreach (var record in sandboxes)
        {
            var endpoints = record.Sandbox.Endpoints.Where(isServed).ToArray();
            var networks = endpoints.Select(endpoint => endpoint.NetworkId).ToArray();
            var reachesOut = record.Sandbox.Endpoints.Any(endpoint => endpoint.HasDefaultRoute);
            foreach (var endpoint in endpoints)
            {
                if (IPAddress.TryParse(endpoint.Address, out var address))
                {
                    var name = $"{record.Request.ContainerName}.{endpoint.NetworkName}".ToLowerInvariant();
                    _clients[address] = new Client(networks, name, reachesOut);
                    Add(record.Request, endpoint, address);
                }
            }
        }
    }

    /// <summary>The addresses of a name, as the container with this address sees it; null when no container there has the name.</summary>
    public IReadOnlyList<IPAddress>? Find(IPAddress asker, string name)
    {
        var found = _clients.TryGetValue(asker, out var client)
            ? client.Networks.SelectMany(network => _addresses.GetValueOrDefault((network, name)) ?? []).ToArray()
            : [];
        return found.Length > 0 ? found : null;
    }

    /// <summary>The name of an address, when both are on a network of the asker; else null.</summary>
    public string? FindName(IPAddress asker, IPAddress address)
    {
        return _clients.TryGetValue(asker, out var client)
            && _clients.TryGetValue(address, out var other)
            && client.Networks.Intersect(other.Networks).Any() ? other.Name : null;
    }

    /// <summary>True for a container that has a way out: the others' questions stay inside too.</summary>
    public bool ReachesOut(IPAddress asker) => _clients.TryGetValue(asker, out var client) && client.ReachesOut;

    private void Add(NetworkAttachment request, NetworkEndpoint endpoint, IPAddress address)
    {
        var aliases = request.Networks
            .FirstOrDefault(network =>
                network.Network == endpoint.NetworkName
                || endpoint.NetworkId.StartsWith(network.Network, StringComparison.Ordinal))
            ?.Aliases ?? [];
        var shortId = request.ContainerId[..Math.Min(12, request.ContainerId.Length)];
        string[] names = [request.ContainerName, shortId, request.Hostname, .. aliases];
        foreach (var name in names.Where(name => name.Length > 0).Select(name => name.ToLowerInvariant()).Distinct())
        {
            foreach (var form in new[] { name, $"{name}.{endpoint.NetworkName.ToLowerInvariant()}" })
            {
                var key = (endpoint.NetworkId, form);
                if (!_addresses.TryGetValue(key, out var list))
                {
                    _addresses[key] = list = [];
                }

                list.Add(address);
            }
        }
    }

    private sealed record Client(string[] Networks, string Name, bool ReachesOut);
}
