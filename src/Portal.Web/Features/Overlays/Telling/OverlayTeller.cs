using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Overlays.Telling;

/// <summary>
/// One pass over all networks that span nodes: gives nodes their part, asks those that may have changed, and tells those whose table is not
/// the newest. What was told is known by the node's own word alone. Not thread-safe.
/// </summary>
internal sealed partial class OverlayTeller(
    IDbContextFactory<PortalDbContext> contexts, IFleet fleet, INodeClients clients, TimeProvider time, ILogger<OverlayTeller> logger)
{
    private const int AtOnce = 16;
    private const int MostRounds = 6;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private static readonly Dictionary<string, long> s_nothing = [];
    private readonly ConcurrentDictionary<Guid, ToldNode> _told = new();
    private DateTimeOffset _begun;
    private bool _hasNetworks;

    /// <summary>Forgets all that this portal knew: another may have told nodes meanwhile.</summary>
    public void Begin()
    {
        _told.Clear();
        _begun = time.GetUtcNow();
    }

    /// <summary>True when some node came, or may have other containers than when it was asked last.</summary>
    public bool IsDue() => _hasNetworks && fleet.Current.Nodes.Values.Any(node => node.Presence == NodePresence.Online && IsDue(node));

    /// <summary>Tells until nothing is left to tell that can be.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // What one node says changes what others are told; who leaves is told when those know. What came meanwhile may take more.
        for (var round = 0; round < MostRounds && await RunRoundAsync(cancellationToken); round++)
        {
        }
    }

    private async Task<bool> RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var networks = await database.OverlayNetworks.ToListAsync(cancellationToken);
        var members = await database.OverlayMembers.ToListAsync(cancellationToken);
        var nodes = fleet.Current.Nodes;
        _hasNetworks = networks.Count > 0;
        await GivePartsAsync(database, networks, members, nodes.Values, cancellationToken);
        foreach (var gone in _told.Keys.Except(nodes.Keys).ToArray())
        {
            _told.TryRemove(gone, out _);
        }

        var answers = new ConcurrentBag<(NodeState Node, SyncOverlaysResponse Response)>();
        var calls = nodes.Values
            .Where(node => node.Presence == NodePresence.Online && (_hasNetworks || _told.ContainsKey(node.Id)))
            .Select(node => (Node: node, Request: Assign(node, networks, members)))
            .ToArray();
        Confirm(calls, networks, members);
        calls = [.. calls.Where(call => IsDue(call.Node) || IsStale(call.Node, call.Request))];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        foreach (var (node, request) in calls)
        {
            _told[node.Id] = ToldNode.Of(node, time.GetUtcNow(), _told.GetValueOrDefault(node.Id)?.Versions ?? s_nothing) with
            {
                Left = request.Networks.SelectMany(network => network.Left).ToHashSet(StringComparer.Ordinal),
            };
        }

        // Who has nothing and is to have nothing needs not be asked.
        var asked = calls.Where(call => call.Request.Networks.Count > 0
            || _told[call.Node.Id].Versions.Count > 0
            || members.Exists(member => member.NodeId == call.Node.Id));
        await Parallel.ForEachAsync(asked, options, async (call, stop) =>
        {
            if (await TryTellAsync(call.Node, call.Request, stop) is { } response)
            {
                answers.Add((call.Node, response));
            }
        });
        foreach (var (node, response) in answers)
        {
            _told[node.Id] = _told[node.Id] with
            {
                Versions = response.Networks.ToDictionary(state => state.Id, state => state.TableVersion, StringComparer.Ordinal),
                HasFailed = response.Networks.Any(state => state.Problem.Length > 0),
                LacksPorts = response.Networks.Any(state => state.IngressProblem.Length > 0),
            };
            Keep(database, networks, members, node, response);
        }

        var empty = networks.Where(network => network.IsRemoving && members.TrueForAll(member => member.NetworkId != network.Id)).ToArray();
        database.OverlayNetworks.RemoveRange(empty);
        return await database.SaveChangesAsync(cancellationToken) > 0 || !answers.IsEmpty;
    }

    private bool IsDue(NodeState node) =>
        !_told.TryGetValue(node.Id, out var told)
        || (told.Since != node.Since)
        || (told is { Speaks: true, Versions.Count: > 0 }
            && (!told.IsOf(node) || time.GetUtcNow() - told.At > (told.LacksPorts ? s_soon : s_again)));

    /// <summary>True when the node has something that it shall not, or not the newest of what it shall.</summary>
    private bool IsStale(NodeState node, SyncOverlaysRequest request)
    {
        var told = _told[node.Id];
        return told.Speaks
            && time.GetUtcNow() - told.At > (told.HasFailed ? s_soon : TimeSpan.Zero)
            && (told.Versions.Count != request.Networks.Count
                || request.Networks.Any(network => network.Left.Any(address => !told.Left.Contains(address)))
                || request.Networks.Any(network => told.Versions.GetValueOrDefault(network.Id, -1) != network.Table?.Version));
    }

    /// <summary>Every node that a network spans has a part of its addresses, online or not.</summary>
    private async Task GivePartsAsync(
        PortalDbContext database, List<OverlayNetwork> networks, List<OverlayMember> members, IEnumerable<NodeState> nodes,
        CancellationToken cancellationToken)
    {
        foreach (var network in networks.Where(network => !network.IsRemoving))
        {
            var present = members.Where(member => member.NetworkId == network.Id).ToDictionary(member => member.NodeId);
            var taken = present.Values.Select(member => member.Block).ToHashSet();
            foreach (var node in nodes.Where(node => Spans(network, node) && !present.ContainsKey(node.Id)))
            {
                var blocks = Enumerable.Range(0, OverlayAddresses.Blocks(network));
                var block = blocks.Where(number => !taken.Contains(number)).Append(-1).First();
                if (block < 0)
                {
                    LogFull(logger, network.Name, OverlayAddresses.Blocks(network), node.Name);
                    break;
                }

                taken.Add(block);
                var member = new OverlayMember { NetworkId = network.Id, NodeId = node.Id, Block = block };
                members.Add(member);
                database.OverlayMembers.Add(member);
            }
        }

        await database.SaveChangesAsync(cancellationToken);
    }

    private SyncOverlaysRequest Assign(NodeState node, List<OverlayNetwork> networks, List<OverlayMember> members)
    {
        var request = new SyncOverlaysRequest();
        foreach (var network in networks.Where(network => !network.IsRemoving && Spans(network, node)))
        {
            if (members.Find(member => member.NetworkId == network.Id && member.NodeId == node.Id) is { } self)
            {
                request.Networks.Add(new OverlayAssignment
                {
                    Id = OverlayAddresses.EngineId(network.Id),
                    Name = network.Name,
                    Vni = network.Vni,
                    Port = network.Port,
                    Subnet = network.Subnet,
                    Range = OverlayAddresses.Range(network, self.Block).ToString(),
                    Gateway = OverlayAddresses.Gateway(network, self.Block).ToString(),
                    Internal = network.IsInternal,
                    Table = OverlayTables.For(network, self, members.Where(member => member.NetworkId == network.Id), IsAway),
                });
            }
        }

        return request;
    }

    /// <summary>
    /// Whoever leaves may go once every other node that answers has the newest table, which is made of what these said after it began to
    /// leave: somebody who came in its place is in it.
    /// </summary>
    private void Confirm(
        (NodeState Node, SyncOverlaysRequest Request)[] calls, List<OverlayNetwork> networks, List<OverlayMember> members)
    {
        foreach (var network in networks)
        {
            var id = OverlayAddresses.EngineId(network.Id);
            var parts = calls.Select(call => (call.Node, Part: call.Request.Networks.FirstOrDefault(part => part.Id == id)))
                .Where(call => call.Part is not null).ToArray();
            var late = parts.Where(call => !HasNewest(call.Node, call.Part!)).Select(call => call.Node.Id).ToHashSet();
            foreach (var (node, part) in parts.Where(call => late.Count == 0 || (late.Count == 1 && late.Contains(call.Node.Id))))
            {
                var member = members.First(member => member.NetworkId == network.Id && member.NodeId == node.Id);
                part!.Left.AddRange(OverlayTables.Leaving(member));
            }
        }
    }

    // An agent of an earlier release leads nowhere.
    private bool HasNewest(NodeState node, OverlayAssignment part) => _told.TryGetValue(node.Id, out var told)
        && (!told.Speaks || told.Versions.GetValueOrDefault(part.Id, -1) == part.Table.Version);

    private async Task<SyncOverlaysResponse?> TryTellAsync(NodeState node, SyncOverlaysRequest whole, CancellationToken cancellationToken)
    {
        // What the node has it needs not be sent again.
        var request = whole.Clone();
        var held = _told[node.Id].Versions;
        foreach (var network in request.Networks.Where(network => held.GetValueOrDefault(network.Id) == network.Table.Version))
        {
            network.Table = null;
        }

        try
        {
            var invoker = clients.ForLooking(node.Id, Actor.Portal, PermissionNames.NetworksCreate, PermissionNames.NetworksRemove);
            return await new OverlayService.OverlayServiceClient(invoker).SyncOverlaysAsync(
                request, deadline: time.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: cancellationToken);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // An agent of an earlier release has no such networks. Any other failure is tried again.
            var isOld = failure.StatusCode == StatusCode.Unimplemented;
            _told[node.Id] = _told[node.Id] with { Speaks = !isOld, HasFailed = true };
            if (!isOld)
            {
                LogNotTold(logger, node.Name, failure);
            }

            return null;
        }
    }

    private static void Keep(
        PortalDbContext database, List<OverlayNetwork> networks, List<OverlayMember> members, NodeState node, SyncOverlaysResponse response)
    {
        foreach (var member in members.Where(member => member.NodeId == node.Id).ToArray())
        {
            var network = networks.Find(network => network.Id == member.NetworkId)!;
            var state = response.Networks.FirstOrDefault(state => state.Id == OverlayAddresses.EngineId(network.Id));
            if (state is null && (network.IsRemoving || !Spans(network, node)))
            {
                database.OverlayMembers.Remove(member);
                members.Remove(member);
                continue;
            }

            var endpoints = OverlayTables.Keep(network, member, state?.Endpoints ?? []);
            var kept = OverlayTables.Read(new OverlayMember { Endpoints = endpoints });
            if (!OverlayTables.Read(member).Select(Text).SequenceEqual(kept.Select(Text)))
            {
                // The database writes JSON in its own way: compared as text it would be new each time.
                member.Endpoints = endpoints;
            }

            member.NodeAddress = System.Net.IPAddress.TryParse(response.NodeAddress, out var address)
                && address.ToString() is { Length: <= 15 } text ? text : "";
            member.Problem = Short(state?.Problem ?? "");
            member.IngressProblem = Short(state?.IngressProblem ?? "");
        }

        static string Short(string problem) => problem[..Math.Min(problem.Length, 1024)];

        static string Text(OverlayRow row) =>
            $"{row.Address} {row.Mac} {string.Join(' ', row.Names)} {row.State} {string.Join(' ', row.Targets ?? [])}";
    }

    /// <summary>A portal that has just begun does not know who is there: nodes come back within seconds.</summary>
    private bool IsAway(Guid nodeId)
    {
        var now = time.GetUtcNow();
        return now - _begun > s_again
            && (!fleet.Current.Nodes.TryGetValue(nodeId, out var node)
                || (node.Presence != NodePresence.Online && now - (node.Since ?? _begun) > s_grace));
    }

    private static bool Spans(OverlayNetwork network, NodeState node) =>
        network.EnvironmentId is null || node.Environment?.Id == network.EnvironmentId;

    [LoggerMessage(2460, LogLevel.Warning, "Overlay network '{Network}' has room for {Count} nodes, and none for '{Node}'.")]
    private static partial void LogFull(ILogger logger, string network, int count, string node);

    [LoggerMessage(2461, LogLevel.Warning, "Node '{Node}' could not be told of its overlay networks; it is tried again.")]
    private static partial void LogNotTold(ILogger logger, string node, Exception failure);
}
