using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes.Link;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>Where agents tell what is watched. Forwards only; who calls is the node that proved itself on the connection.</summary>
[Authorize(NodeAuthenticationDefaults.Policy)]
internal sealed class TelemetryHub(TelemetrySessions sessions, IHubContext<TelemetryHub, ITelemetryAgent> agents)
    : Hub<ITelemetryAgent>, ITelemetryHub
{
    private Guid NodeId => Context.User!.GetNodeId();

    public override Task OnConnectedAsync()
    {
        var context = Context;
        sessions.Begin(new TelemetrySession(
            NodeId, context.ConnectionId, agents.Clients.Client(context.ConnectionId), context.Abort));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        sessions.End(NodeId, Context.ConnectionId);
        return Task.CompletedTask;
    }

    public Task<long> Announce(NodeSnapshot snapshot) => sessions.AnnounceAsync(NodeId, Context.ConnectionId, snapshot);

    public Task<long> ReportEvents(IReadOnlyList<NodeEvent> events) =>
        sessions.ReportEventsAsync(NodeId, Context.ConnectionId, events);

    public Task ReportContainers(ContainerChanges changes)
    {
        sessions.ReportContainers(NodeId, Context.ConnectionId, changes);
        return Task.CompletedTask;
    }

    public Task ReportNode(NodeSample sample)
    {
        sessions.ReportNode(NodeId, Context.ConnectionId, sample);
        return Task.CompletedTask;
    }

    public Task ReportStats(StatsBatch batch)
    {
        sessions.ReportStats(NodeId, Context.ConnectionId, batch);
        return Task.CompletedTask;
    }

    public Task ReportHistory(StatsBatch batch)
    {
        sessions.ReportHistory(NodeId, Context.ConnectionId, batch);
        return Task.CompletedTask;
    }

    public Task ReportLogs(LogBatch batch)
    {
        sessions.ReportLogs(NodeId, Context.ConnectionId, batch);
        return Task.CompletedTask;
    }
}
