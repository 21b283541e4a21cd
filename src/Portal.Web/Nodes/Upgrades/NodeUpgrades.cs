using System.Collections.Concurrent;
using Grpc.Core;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Languages;
using Portal.Web.Nodes.Presence;

namespace Portal.Web.Nodes.Upgrades;

/// <remarks>Singleton; any thread. Upgrades under way are this portal's own: when it ends, the nodes finish or undo theirs by themselves.</remarks>
internal sealed partial class NodeUpgrades(
    AgentOffers offers,
    AgentSender sender,
    Fleet fleet,
    IAuditLog audit,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<NodeUpgrades> logger) : INodeUpgrades
{
    private const int AtATime = 2;

    // Of the bar: pages are drawn again for each.
    private const int ShownParts = 50;

    // The node gives a new version a minute, and needs some time to end it and to come back.
    private static readonly TimeSpan s_return = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<Guid, Guid> _underWay = new();

    public AgentOffer? OfferFor(NodeState node) => node.Facts is { } facts ? offers.For(facts.Architecture) : null;

    public string? ObstacleOf(NodeState node)
    {
        return node.Upgrade?.IsUnderWay == true ? E("An upgrade of '{0}' is under way.", node.Name)
            : node.Facts is not { } facts || node.Presence == NodePresence.Offline
                ? E("Node '{0}' is offline. Try again when it is back.", node.Name)
            : facts.UpgradeObstacle is null
                ? E("The agent on '{0}' is too old to be upgraded from here: run the line of 'Add a node' on the host once more.", node.Name)
            : facts.UpgradeObstacle.Length > 0 ? facts.UpgradeObstacle
            : OfferFor(node) is not { } offer ? E("This portal has no agent for machines of the kind {0}.", facts.Architecture)
            : offer.Build == facts.AgentBuild ? E("Node '{0}' has this portal's agent already, {1}.", node.Name, offer.Build)
            : null;
    }

    public async Task<string?> BeginAsync(IReadOnlyList<Guid> nodeIds, Actor actor, CancellationToken cancellationToken)
    {
        var planned = new Queue<PlannedUpgrade>();
        try
        {
            foreach (var nodeId in nodeIds.Distinct())
            {
                if (Plan(nodeId, actor, planned) is { } error)
                {
                    Forget(planned);
                    return error;
                }
            }

            // The log has it before anything happens, or nothing does.
            foreach (var upgrade in planned)
            {
                var detail = $"{upgrade.From} to {upgrade.Offer.Build}";
                await WriteAsync(upgrade, "node.upgrade", AuditOutcome.Succeeded, detail, cancellationToken);
            }
        }
        catch
        {
            Forget(planned);
            throw;
        }

        _ = LanguageFlow.InEnglish(() => RunAllAsync(planned));
        return null;
    }

    private string? Plan(Guid nodeId, Actor actor, Queue<PlannedUpgrade> planned)
    {
        if (!fleet.Current.Nodes.TryGetValue(nodeId, out var node))
        {
            return N("There is no such node any more.");
        }

        if (ObstacleOf(node) is { } obstacle)
        {
            return obstacle;
        }

        var upgrade = new PlannedUpgrade(nodeId, node.Name, Guid.NewGuid(), node.Facts!.AgentBuild, OfferFor(node)!, actor);
        if (!_underWay.TryAdd(nodeId, upgrade.Id))
        {
            return E("An upgrade of '{0}' is under way.", node.Name);
        }

        planned.Enqueue(upgrade);
        fleet.SetUpgrade(nodeId, upgrade.At(NodeUpgradeStep.Waiting));
        return null;
    }

    private void Forget(IEnumerable<PlannedUpgrade> planned)
    {
        foreach (var upgrade in planned)
        {
            fleet.SetUpgrade(upgrade.NodeId, null);
            _underWay.TryRemove(upgrade.NodeId, out _);
        }
    }

    private async Task RunAllAsync(Queue<PlannedUpgrade> planned)
    {
        string? failed = null;
        var workers = Enumerable.Range(0, AtATime).Select(async _ =>
        {
            while (Next() is { } upgrade)
            {
                var end = Volatile.Read(ref failed) is { } name
                    ? upgrade.At(NodeUpgradeStep.NotBegun, E("Not begun, as the upgrade of '{0}' did not succeed.", name))
                    : await RunAsync(upgrade, lifetime.ApplicationStopping);
                if (end.Step is not (NodeUpgradeStep.Succeeded or NodeUpgradeStep.NotBegun))
                {
                    Interlocked.CompareExchange(ref failed, upgrade.Name, null);
                }

                await EndAsync(upgrade, end);
            }
        });
        await Task.WhenAll([.. workers]);

        PlannedUpgrade? Next()
        {
            lock (planned)
            {
                return planned.TryDequeue(out var upgrade) ? upgrade : null;
            }
        }
    }

    private async Task<NodeUpgrade> RunAsync(PlannedUpgrade upgrade, CancellationToken stopping)
    {
        var sent = 0L;
        try
        {
            fleet.SetUpgrade(upgrade.NodeId, upgrade.At(NodeUpgradeStep.Sending));
            await sender.SendAsync(upgrade.NodeId, upgrade.Id, upgrade.Offer, upgrade.Actor, Report, stopping);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable && sent == upgrade.Offer.Size)
        {
            // Its answer may have been lost with the link: whether it took the version, it tells when it is back.
        }
        catch (RpcException failure)
        {
            return upgrade.At(NodeUpgradeStep.Failed, Describe(upgrade, failure.Status));
        }
        catch (Exception failure)
        {
            LogFailed(upgrade.Name, failure);
            return upgrade.At(NodeUpgradeStep.Failed, E("The new agent could not be sent: {0} Nothing was changed.", failure.Message));
        }

        fleet.SetUpgrade(upgrade.NodeId, upgrade.At(NodeUpgradeStep.Starting));
        return await AwaitReturnAsync(upgrade, stopping);

        void Report(long bytes)
        {
            var shown = sent * ShownParts / upgrade.Offer.Size;
            sent = bytes;
            if (bytes * ShownParts / upgrade.Offer.Size != shown)
            {
                var share = (double)bytes / upgrade.Offer.Size;
                fleet.SetUpgrade(upgrade.NodeId, upgrade.At(NodeUpgradeStep.Sending) with { Share = share });
            }
        }
    }

    private async Task<NodeUpgrade> AwaitReturnAsync(PlannedUpgrade upgrade, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(s_return, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            await foreach (var state in fleet.WatchAsync(either.Token))
            {
                if (EndOf(upgrade, state) is { } end)
                {
                    return end;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        return upgrade.At(
            NodeUpgradeStep.Failed,
            E("'{0}' had not come back when this portal stopped to wait for it. Its containers run on; its page tells when it "
            + "is back, and with which version.", upgrade.Name));
    }

    private static NodeUpgrade? EndOf(PlannedUpgrade upgrade, FleetState state)
    {
        if (!state.Nodes.TryGetValue(upgrade.NodeId, out var node))
        {
            return upgrade.At(NodeUpgradeStep.Failed, N("The node was removed meanwhile."));
        }

        if (node is not { Presence: NodePresence.Online, Facts: { } facts })
        {
            return null;
        }

        return facts.AgentBuild == upgrade.Offer.Build ? upgrade.At(NodeUpgradeStep.Succeeded)
            : facts.LastUpgrade is { Succeeded: false } last && last.UpgradeId == upgrade.Id
                ? upgrade.At(NodeUpgradeStep.WentBack, last.Reason)
            : null;
    }

    private async Task EndAsync(PlannedUpgrade upgrade, NodeUpgrade end)
    {
        fleet.SetUpgrade(upgrade.NodeId, end);
        _underWay.TryRemove(upgrade.NodeId, out _);
        var succeeded = end.Step == NodeUpgradeStep.Succeeded;
        var detail = end.Step == NodeUpgradeStep.WentBack ? $"{end.Build} was not kept, {upgrade.From} runs" : end.Build;
        try
        {
            await WriteAsync(
                upgrade, "node.upgraded", succeeded ? AuditOutcome.Succeeded : AuditOutcome.Failed, AuditEntry.Join(detail, end.Problem),
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            // That it was begun is in the log; others wait for their turn.
            LogFailed(upgrade.Name, failure);
        }
    }

    private Task WriteAsync(
        PlannedUpgrade upgrade, string action, AuditOutcome outcome, string detail, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(
            upgrade.Actor, action, "node", upgrade.NodeId.ToString(), upgrade.Name, upgrade.NodeId, outcome, detail);
        return audit.WriteAsync(entry, cancellationToken);
    }

    private static string Describe(PlannedUpgrade upgrade, Status status) => status switch
    {
        { StatusCode: StatusCode.Unimplemented } => E("The agent on '{0}' is too old to be upgraded from here.", upgrade.Name),
        { Detail.Length: 0 } => E("The node '{0}' does not answer. Its agent is as before; try again when it is online.", upgrade.Name),
        _ => status.Detail,
    };

    [LoggerMessage(2181, LogLevel.Error, "The upgrade of the agent on '{Name}' ran into something unforeseen.")]
    private partial void LogFailed(string name, Exception failure);
}
