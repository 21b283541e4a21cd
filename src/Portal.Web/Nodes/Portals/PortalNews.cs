using System.Collections.Concurrent;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Portals;

/// <summary>Tells agents which portals there are: each when it comes, all when that changes.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PortalNews : IDisposable
{
    private readonly ConcurrentDictionary<Guid, ITelemetryAgent> _agents = new();
    private readonly PortalRoster _roster;
    private readonly AgentCalls _calls;

    public PortalNews(PortalRoster roster, AgentCalls calls)
    {
        _roster = roster;
        _calls = calls;
        roster.Changed += TellAll;
    }

    public void Connect(Guid nodeId, ITelemetryAgent agent)
    {
        _agents[nodeId] = agent;
        Tell(agent);
    }

    public void Disconnect(Guid nodeId) => _agents.TryRemove(nodeId, out _);

    public void Dispose() => _roster.Changed -= TellAll;

    private void TellAll()
    {
        foreach (var agent in _agents.Values)
        {
            Tell(agent);
        }
    }

    private void Tell(ITelemetryAgent agent)
    {
        var ids = _roster.Ids;
        _calls.Post(agent, one => one.SetPortals(ids));
    }
}
