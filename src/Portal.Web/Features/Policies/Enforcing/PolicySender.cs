using System.Collections.Concurrent;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>
/// Tells each node which policies apply to it: when its link comes up, and when they change, here, in another portal, or by a move of the node.
/// </summary>
/// <remarks>Each portal does so for itself: every agent keeps a link to every portal. What is sent replaces what the agent had.</remarks>
internal sealed partial class PolicySender(
    PolicyBook book, PolicySignal signal, SignatureAgents agents, INodeClients clients, IFleet fleet, TimeProvider time,
    ILogger<PolicySender> logger)
    : BackgroundService
{
    private const int MostAtOnce = 16;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, SentPolicies> _sent = new();

    /// <summary>Nodes that are online and whose agents are too old to hold calls to policies: there the portal alone does.</summary>
    public IReadOnlyList<NodeState> WithoutPolicies =>
    [
        .. fleet.Current.Nodes.Values
            .Where(node => node.Presence == NodePresence.Online && _sent.GetValueOrDefault(node.Id)?.IsTooOld == true),
    ];

    /// <summary>
    /// Nodes that are online, have a policy that wants images signed, and whose agents know policies but not that rule: there the portal refuses
    /// such images.
    /// </summary>
    public IReadOnlyList<NodeState> WithoutSignatures =>
    [
        .. fleet.Current.Nodes.Values
            .Where(node => node.Presence == NodePresence.Online
                && _sent.GetValueOrDefault(node.Id) is { IsTooOld: false, LooksAtSignatures: false } sent
                && sent.Policies.Any(entry => entry.Rules.Signatures is not null)),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunRoundAsync(stoppingToken);
                await signal.WaitAsync(s_round, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogRoundFailed(failure);
                await Task.Delay(s_round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var nodes = fleet.Current.Nodes.Values.Where(node => node.Presence == NodePresence.Online).ToList();
        if (nodes.Count == 0)
        {
            return;
        }

        var snapshot = await book.ReadAllAsync(cancellationToken);
        var owed = nodes.Select(node => (node, policies: snapshot.For(node.Id).ToList()))
            .Where(one => _sent.GetValueOrDefault(one.node.Id)?.IsSame(one.node, one.policies) != true);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(owed, options, async (one, stop) => await SendAsync(one.node, snapshot.Version, one.policies, stop));
    }

    private async Task SendAsync(NodeState node, long version, IReadOnlyList<PolicyEntry> policies, CancellationToken cancellationToken)
    {
        var request = new SetPoliciesRequest { Version = version };
        request.Policies.AddRange(policies.Select(entry => PolicyMapping.ToMessage(entry.ToPolicy())));
        if (_sent.GetValueOrDefault(node.Id)?.Since != node.Since)
        {
            // Another agent may have come with the link: what the last one knew says nothing of it.
            agents.Learn(node.Id, false);
        }

        var client = new PolicyService.PolicyServiceClient(clients.For(node.Id, Actor.Portal, PermissionNames.PoliciesManage));
        try
        {
            var deadline = time.GetUtcNow() + s_deadline;
            var answer = await client.SetPoliciesAsync(request, deadline: deadline.UtcDateTime, cancellationToken: cancellationToken);
            _sent[node.Id] = new SentPolicies(node.Since, policies, IsTooOld: false, answer.LooksAtSignatures);
            agents.Learn(node.Id, answer.LooksAtSignatures);
        }
        catch (RpcException failure) when (IsTooOld(failure))
        {
            _sent[node.Id] = new SentPolicies(node.Since, policies, IsTooOld: true, LooksAtSignatures: false);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The next round tries again.
            LogNotSent(node.Id, failure.StatusCode);
        }
    }

    // One that does not know the method has no permission for it either.
    private static bool IsTooOld(RpcException failure) => failure.StatusCode is StatusCode.Unimplemented or StatusCode.PermissionDenied;

    [LoggerMessage(2651, LogLevel.Warning, "Policies could not be sent to the nodes; it is tried again.")]
    private partial void LogRoundFailed(Exception failure);

    [LoggerMessage(2652, LogLevel.Debug, "Policies did not reach node {NodeId} ({Status}); it is tried again.")]
    private partial void LogNotSent(Guid nodeId, StatusCode status);
}
