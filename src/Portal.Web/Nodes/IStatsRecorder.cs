using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes;

/// <summary>Takes the counters that nodes report of themselves, for whoever keeps them. Never holds the link up.</summary>
internal interface IStatsRecorder
{
    /// <summary>The host's counters.</summary>
    void Record(NodeState node, NodeSample sample);

    /// <summary>Counters of the node's containers.</summary>
    void Record(NodeState node, StatsBatch batch);
}
