using Portal.Contracts.Hubs;
using Portal.Contracts.Metrics;
using Portal.Web.Features.Stats.History;
using Portal.Web.Nodes;

namespace Portal.Web.Metrics;

/// <summary>The portal's figures and, with the labels <c>node</c> and <c>node_id</c>, those of all nodes and containers as it last heard of them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PortalMetrics(IFleet fleet, StatsBuckets buckets)
{
    private static readonly string s_version = typeof(PortalMetrics).Assembly.GetName().Version?.ToString(3) ?? "0";

    public byte[] Read()
    {
        var writer = new ExpositionWriter();
        Write(writer);
        ProcessMetrics.Write(writer);
        return writer.ToBytes();
    }

    /// <summary>Writes those of the fleet, which all portals of one database have alike.</summary>
    public void Write(IMetricWriter writer)
    {
        var nodes = fleet.Current.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ToList();
        WritePortal(writer, nodes);
        ContainerMetrics.WriteNodes(
            writer, [.. nodes.Where(node => node.Sample is not null).Select(node => (node.Sample!, LabelsOf(node)))]);
        WriteProcessors(writer, nodes);
        ContainerMetrics.WriteStates(
            writer, [.. nodes.SelectMany(node => node.Containers.Values.Select(container => (container, LabelsOf(node))))]);
        ContainerMetrics.Write(writer, [.. Samples()]);
    }

    private IEnumerable<(ContainerView, StatsSample, (string, string)[])> Samples()
    {
        var nodes = fleet.Current.Nodes;
        foreach (var (nodeId, sample) in buckets.Latest())
        {
            if (nodes.TryGetValue(nodeId, out var node) && node.Containers.TryGetValue(sample.ContainerId, out var container))
            {
                yield return (container, sample, LabelsOf(node));
            }
        }
    }

    private static void WritePortal(IMetricWriter writer, List<NodeState> nodes)
    {
        writer.Family("portal_build_info", MetricType.Gauge, "The portal.");
        writer.Sample(1, ("version", s_version));
        writer.Family("portal_nodes", MetricType.Gauge, "Nodes by presence.");
        foreach (var presence in Enum.GetValues<NodePresence>())
        {
            writer.Sample(nodes.Count(node => node.Presence == presence), ("presence", presence.ToString().ToLowerInvariant()));
        }

        writer.Family("portal_node_up", MetricType.Gauge, "1 while the node is online.");
        foreach (var node in nodes)
        {
            writer.Sample(node.Presence == NodePresence.Online ? 1 : 0, LabelsOf(node));
        }

        writer.Family("portal_node_link_latency_seconds", MetricType.Gauge, "Round trip of the last ping over the link.");
        foreach (var node in nodes.Where(node => node.Latency is not null))
        {
            writer.Sample(node.Latency!.Value.TotalSeconds, LabelsOf(node));
        }

        writer.Family("portal_containers", MetricType.Gauge, "Containers by node and state.");
        foreach (var node in nodes)
        {
            foreach (var state in node.Containers.Values.GroupBy(container => container.State))
            {
                writer.Sample(state.Count(), [.. LabelsOf(node), ("state", state.Key)]);
            }
        }
    }

    private static void WriteProcessors(IMetricWriter writer, List<NodeState> nodes)
    {
        writer.Family("portal_node_cpu_usage_ratio", MetricType.Gauge, "Share of all processors of the node in use, 0 to 1.");
        foreach (var node in nodes.Where(node => node.Sample is not null))
        {
            writer.Sample(node.Sample!.CpuShare, LabelsOf(node));
        }
    }

    private static (string Name, string Value)[] LabelsOf(NodeState node) => [("node", node.Name), ("node_id", node.Id.ToString())];
}
