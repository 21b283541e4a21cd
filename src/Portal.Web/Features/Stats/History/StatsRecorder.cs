using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stats.History;

/// <summary>Takes counters of containers that the node has told of, and of no others: so a node can't fill the database with made-up ones.</summary>
internal sealed class StatsRecorder(StatsBuckets buckets) : IStatsRecorder
{
    public void Record(NodeState node, NodeSample sample) => buckets.Add(node.Id, sample, node.Facts?.Cpus ?? 0);

    public void Record(NodeState node, StatsBatch batch)
    {
        foreach (var sample in batch.Samples)
        {
            if (node.Containers.ContainsKey(sample.ContainerId))
            {
                buckets.Add(node.Id, sample);
            }
        }
    }
}
