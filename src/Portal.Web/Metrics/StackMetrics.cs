using Portal.Contracts.Hubs;
using Portal.Contracts.Metrics;
using Portal.Web.Features.Containers;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Nodes;

namespace Portal.Web.Metrics;

/// <summary>Sums of containers by node and stack: few enough to be read for a fleet of any size.</summary>
/// <remarks>
/// None of them is a counter: the sum of counters falls when a container goes, and what adds rates up would take that for a start anew.
/// </remarks>
internal static class StackMetrics
{
    private static readonly (string Name, string Help, Func<Sum, double> Value)[] s_families =
    [
        ("portal_stack_containers", "Containers by node and stack; those of no stack under an empty one.", sum => sum.Containers),
        ("portal_stack_containers_running", "Containers that run, by node and stack.", sum => sum.Running),
        ("portal_stack_containers_unhealthy", "Containers whose health check is not content, by node and stack.", sum => sum.Unhealthy),
        ("portal_stack_memory_working_set_bytes", "Memory in use without droppable cache, by node and stack.", sum => sum.MemoryBytes),
        ("portal_stack_threads", "Processes and threads, by node and stack.", sum => sum.Pids),
    ];

    /// <summary>Writes them, some with each step.</summary>
    public static IEnumerable<int> WriteInParts(
        IMetricWriter writer, List<NodeState> nodes, List<ContainerSample> samples,
        Dictionary<Guid, (string Name, string Value)[]> labels)
    {
        var sums = Add(nodes, samples);
        foreach (var (name, help, value) in s_families)
        {
            writer.Family(name, MetricType.Gauge, help);
            foreach (var node in nodes)
            {
                var written = 0;
                foreach (var (stack, sum) in sums[node.Id])
                {
                    writer.Sample(value(sum), [.. labels[node.Id], ("stack", stack)]);
                    written++;
                }

                yield return written;
            }
        }
    }

    private static Dictionary<Guid, SortedDictionary<string, Sum>> Add(List<NodeState> nodes, List<ContainerSample> samples)
    {
        var sums = nodes.ToDictionary(node => node.Id, _ => new SortedDictionary<string, Sum>(StringComparer.Ordinal));
        foreach (var node in nodes)
        {
            foreach (var container in node.Containers.Values)
            {
                var sum = Find(sums[node.Id], container);
                sum.Containers++;
                sum.Running += ContainerStatus.IsRunning(container) ? 1 : 0;
                sum.Unhealthy += container.Health == "unhealthy" ? 1 : 0;
            }
        }

        foreach (var (nodeId, container, sample) in samples)
        {
            var sum = Find(sums[nodeId], container);
            sum.MemoryBytes += sample.MemoryBytes;
            sum.Pids += sample.Pids;
        }

        return sums;
    }

    private static Sum Find(SortedDictionary<string, Sum> sums, ContainerView container)
    {
        var stack = container.Labels.GetValueOrDefault(ListGroup.StackLabel, "");
        return sums.TryGetValue(stack, out var sum) ? sum : sums[stack] = new Sum();
    }

    private sealed class Sum
    {
        public int Containers { get; set; }

        public int Running { get; set; }

        public int Unhealthy { get; set; }

        public double MemoryBytes { get; set; }

        public double Pids { get; set; }
    }
}
