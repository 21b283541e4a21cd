using System.Collections.Immutable;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>The nodes of an environment in memory, with networks over them.</summary>
internal sealed class SimulatedFleet : INodeClients, IStackNetworks
{
    private readonly TestPortal _portal;
    private readonly Dictionary<Guid, (string Name, SimulatedNode Node)> _nodes = [];
    private readonly HashSet<string> _networks = [];
    private readonly Dictionary<string, string[]> _ports = [];
    private Action<string, bool> _onChange = (_, _) => { };

    private SimulatedFleet(TestPortal portal) => _portal = portal;

    public Guid EnvironmentId { get; } = Guid.CreateVersion7();

    /// <summary>What runs: node, name, image and state of each container.</summary>
    public string Picture => string.Join(", ", _nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal)
        .Where(node => node.Node.Containers.Count > 0).Select(node => $"{node.Name}: {node.Node.Picture}"));

    public IEnumerable<string> Networks => _networks.Order(StringComparer.Ordinal);

    /// <summary>Ports at which every node answers.</summary>
    public string Ports => string.Join(", ", _ports.OrderBy(ports => ports.Key, StringComparer.Ordinal)
        .SelectMany(ports => ports.Value.Select(port => $"{ports.Key} {port}")));

    /// <summary>Ports of other stacks, and the network of each.</summary>
    public Dictionary<string, string> Held { get; } = [];

    public static async Task<SimulatedFleet> MakeAsync(TestPortal portal, params (string Name, string Zone)[] nodes)
    {
        var fleet = new SimulatedFleet(portal);
        await using var scope = portal.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        database.Environments.Add(new NodeEnvironment { Id = fleet.EnvironmentId, Name = $"e{fleet.EnvironmentId:N}", Color = "blue" });
        await database.SaveChangesAsync();
        foreach (var (name, zone) in nodes)
        {
            var node = FakeFleet.Node(name) with
            {
                Environment = new FleetEnvironment(fleet.EnvironmentId, "test", "blue"),
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", zone),
            };
            fleet._nodes[node.Id] = (name, new SimulatedNode());
            await database.Database.ExecuteSqlAsync(
                $"""
                insert into nodes (id, name, public_key, hostname, agent_version, labels, joined_at, event_epoch, last_sequence, environment_id)
                values ({node.Id}, {$"{name}-{node.Id}"}, {Array.Empty<byte>()}, {name}, '0.1.0', cast({"{}"} as jsonb), now(), 0, 0, {fleet.EnvironmentId})
                """);
            portal.Fleet.Set(node);
        }

        return fleet;
    }

    public SimulatedNode this[string name] => _nodes.Values.Single(node => node.Name == name).Node;

    public void Hook(Action<string, bool> change)
    {
        _onChange = change;
        foreach (var (_, node) in _nodes.Values)
        {
            node.OnChange = change;
        }
    }

    public Guid IdOf(string name) => _nodes.Single(node => node.Value.Name == name).Key;

    /// <summary>A node is away, for longer than anybody waits.</summary>
    public void Lose(string name)
    {
        this[name].IsAway = true;
        Change(name, node => node with { Presence = NodePresence.Offline, Since = null });
    }

    /// <summary>It is back, with what it had.</summary>
    public void Find(string name)
    {
        this[name].IsAway = false;
        Change(name, node => node with { Presence = NodePresence.Online, Containers = this[name].Views() });
    }

    /// <summary>Has the fleet's picture say something else of a node.</summary>
    public void Change(string name, Func<NodeState, NodeState> change)
    {
        var id = IdOf(name);
        _portal.Fleet.Set(change(_portal.Fleet.Current.Nodes[id]));
    }

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => _nodes[nodeId].Node.For(nodeId, actor, permissions);

    public Task<SpreadNetworks> FindAsync(Guid stackId, CancellationToken cancellationToken) =>
        Task.FromResult(new SpreadNetworks([.. _networks], [])
        {
            Ports = _ports.ToDictionary(ports => ports.Key, ports => (IReadOnlyList<string>)[.. ports.Value]),
            Held = Held,
        });

    public Task PublishAsync(
        Guid stackId, string name, IReadOnlyCollection<string> ports, bool areAll, CancellationToken cancellationToken)
    {
        Hooked($"publish {string.Join(' ', ports)}", () =>
            _ports[name] = [.. (areAll ? ports : ports.Union(_ports.GetValueOrDefault(name) ?? [])).Order(StringComparer.Ordinal)]);
        return Task.CompletedTask;
    }

    public Task CreateAsync(StackNetwork network, CancellationToken cancellationToken)
    {
        _networks.Add(network.Name);
        foreach (var (_, node) in _nodes.Values)
        {
            node.Join(network.Name);
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(Guid stackId, string name, CancellationToken cancellationToken)
    {
        _networks.Remove(name);
        _ports.Remove(name);
        foreach (var (_, node) in _nodes.Values)
        {
            node.Leave(name);
        }

        return Task.CompletedTask;
    }

    private void Hooked(string what, Action change)
    {
        _onChange(what, false);
        change();
        _onChange(what, true);
    }

    public Task<string> ProblemAsync(Guid stackId, string name, Guid node, CancellationToken cancellationToken) => Task.FromResult("");
}
