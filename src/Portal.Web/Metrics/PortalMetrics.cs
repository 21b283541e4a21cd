using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Contracts.Metrics;
using Portal.Web.Configuration;
using Portal.Web.Features.Stats.History;
using Portal.Web.Nodes;

namespace Portal.Web.Metrics;

/// <summary>
/// The portal's figures and, with the labels <c>node</c> and <c>node_id</c>, those of all nodes and containers as it last heard of them. Of
/// containers each has its own only while there are not more than a limit; sums by node and stack are always there.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PortalMetrics(IFleet fleet, StatsBuckets buckets, IOptions<PortalOptions> options)
{
    private static readonly string s_version = typeof(PortalMetrics).Assembly.GetName().Version?.ToString(3) ?? "0";
    private readonly int _mostContainers = int.Parse(options.Value.MetricsContainers, CultureInfo.InvariantCulture);

    /// <summary>Sends all in Prometheus' format, as it is made: with tens of thousands of containers it is a hundred megabytes.</summary>
    public async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        var writer = new ExpositionWriter();
        foreach (var unused in WriteInParts(writer))
        {
            await writer.FlushAsync(stream, cancellationToken);
        }

        ProcessMetrics.Write(writer);
        await writer.FlushAsync(stream, cancellationToken);
    }

    /// <summary>Writes those of the fleet, which all portals of one database have alike.</summary>
    public void Write(IMetricWriter writer)
    {
        foreach (var unused in WriteInParts(writer))
        {
            // All of them at once.
        }
    }

    private IEnumerable<int> WriteInParts(IMetricWriter writer)
    {
        var nodes = fleet.Current.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ToList();
        var labels = nodes.ToDictionary(node => node.Id, LabelsOf);
        WritePortal(writer, nodes);
        ContainerMetrics.WriteNodes(
            writer, [.. nodes.Where(node => node.Sample is not null).Select(node => (node.Sample!, labels[node.Id]))]);
        WriteProcessors(writer, nodes);
        yield return nodes.Count;

        var samples = Samples(nodes);
        foreach (var part in StackMetrics.WriteInParts(writer, nodes, samples, labels))
        {
            yield return part;
        }

        var count = nodes.Sum(node => node.Containers.Count);
        var omitted = count > _mostContainers;
        writer.Family("portal_metrics_containers_omitted", MetricType.Gauge, "Containers without figures of their own here, as they are too many.");
        writer.Sample(omitted ? count : 0);
        if (omitted)
        {
            yield break;
        }

        foreach (var part in ContainerMetrics.WriteStatesInParts(
            writer, [.. nodes.SelectMany(node => node.Containers.Values.Select(container => (container, labels[node.Id])))]))
        {
            yield return part;
        }

        foreach (var part in ContainerMetrics.WriteInParts(
            writer, [.. samples.Select(item => (item.Container, item.Sample, labels[item.NodeId]))]))
        {
            yield return part;
        }
    }

    private List<ContainerSample> Samples(List<NodeState> nodes)
    {
        var known = nodes.ToDictionary(node => node.Id, node => node.Containers);
        var samples = new List<ContainerSample>();
        foreach (var (nodeId, sample) in buckets.Latest())
        {
            if (known.TryGetValue(nodeId, out var containers) && containers.TryGetValue(sample.ContainerId, out var container))
            {
                samples.Add(new ContainerSample(nodeId, container, sample));
            }
        }

        return samples;
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
