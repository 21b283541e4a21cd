using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>One telemetry connection of a node.</summary>
/// <param name="NodeId">The node that proved itself on it.</param>
/// <param name="ConnectionId">SignalR's id of it.</param>
/// <param name="Agent">Calls the agent.</param>
/// <param name="Cut">Ends it.</param>
internal sealed record TelemetrySession(Guid NodeId, string ConnectionId, ITelemetryAgent Agent, Action Cut);
