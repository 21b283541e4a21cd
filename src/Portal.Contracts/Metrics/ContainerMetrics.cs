using Portal.Contracts.Hubs;

namespace Portal.Contracts.Metrics;

/// <summary>Counters of containers and hosts, under the names that cAdvisor and the node exporter gave them.</summary>
public static class ContainerMetrics
{
    // Some ten kilobytes of text.
    private const int Part = 100;

    private static readonly (string Name, MetricType Type, string Help, Func<StatsSample, double> Value)[] s_families =
    [
        ("container_cpu_usage_seconds_total", MetricType.Counter, "Processor time used.", sample => sample.CpuNanoseconds / 1e9),
        ("container_memory_working_set_bytes", MetricType.Gauge, "Memory in use without droppable cache.", sample => sample.MemoryBytes),
        ("container_spec_memory_limit_bytes", MetricType.Gauge, "Limit, or the host's memory.", sample => sample.MemoryLimitBytes),
        ("container_network_receive_bytes_total", MetricType.Counter, "Bytes received.", sample => sample.NetworkReceiveBytes),
        ("container_network_transmit_bytes_total", MetricType.Counter, "Bytes sent.", sample => sample.NetworkTransmitBytes),
        ("container_fs_reads_bytes_total", MetricType.Counter, "Bytes read from block devices.", sample => sample.BlockReadBytes),
        ("container_fs_writes_bytes_total", MetricType.Counter, "Bytes written to block devices.", sample => sample.BlockWriteBytes),
        ("container_threads", MetricType.Gauge, "Processes and threads.", sample => sample.Pids),
    ];

    /// <summary>Writes the counters of containers.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="samples">The container, its counters and further labels, such as its node.</param>
    public static void Write(
        IMetricWriter writer,
        IReadOnlyCollection<(ContainerView Container, StatsSample Sample, (string Name, string Value)[] Labels)> samples)
    {
        foreach (var unused in WriteInParts(writer, samples))
        {
            // All of them at once.
        }
    }

    /// <summary>Writes the counters of containers, some with each step: who enumerates it can send them on between.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="samples">The container, its counters and further labels, such as its node.</param>
    /// <returns>How many were written with each step.</returns>
    public static IEnumerable<int> WriteInParts(
        IMetricWriter writer,
        IReadOnlyCollection<(ContainerView Container, StatsSample Sample, (string Name, string Value)[] Labels)> samples)
    {
        foreach (var (name, type, help, value) in s_families)
        {
            writer.Family(name, type, help);
            foreach (var part in samples.Chunk(Part))
            {
                foreach (var (container, sample, labels) in part)
                {
                    writer.Sample(value(sample), [("id", container.Id), ("name", container.Name), ("image", container.Image), .. labels]);
                }

                yield return part.Length;
            }
        }
    }

    /// <summary>Writes what lists show of containers: when they were started, and whether their health check is content.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="containers">The containers and further labels.</param>
    public static void WriteStates(
        IMetricWriter writer, IReadOnlyCollection<(ContainerView Container, (string Name, string Value)[] Labels)> containers)
    {
        foreach (var unused in WriteStatesInParts(writer, containers))
        {
            // All of them at once.
        }
    }

    /// <summary>The same as <see cref="WriteStates"/>, some with each step.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="containers">The containers and further labels.</param>
    /// <returns>How many were looked at with each step.</returns>
    public static IEnumerable<int> WriteStatesInParts(
        IMetricWriter writer, IReadOnlyCollection<(ContainerView Container, (string Name, string Value)[] Labels)> containers)
    {
        writer.Family("container_start_time_seconds", MetricType.Gauge, "When the container was last started, in seconds since 1970.");
        foreach (var part in containers.Chunk(Part))
        {
            foreach (var (container, labels) in part.Where(item => item.Container.StartedAt is not null))
            {
                var started = container.StartedAt!.Value.ToUnixTimeMilliseconds() / 1000.0;
                writer.Sample(started, [("id", container.Id), ("name", container.Name), ("image", container.Image), .. labels]);
            }

            yield return part.Length;
        }

        writer.Family("container_health_state", MetricType.Gauge, "1 while the health check is content, else 0.");
        foreach (var part in containers.Chunk(Part))
        {
            foreach (var (container, labels) in part.Where(item => item.Container.Health.Length > 0))
            {
                writer.Sample(container.Health == "healthy" ? 1 : 0, [("id", container.Id), ("name", container.Name), .. labels]);
            }

            yield return part.Length;
        }

        writer.Family("container_restarts_total", MetricType.Counter, "How often the restart policy has started the container again.");
        foreach (var part in containers.Chunk(Part))
        {
            foreach (var (container, labels) in part)
            {
                writer.Sample(container.RestartCount, [("id", container.Id), ("name", container.Name), .. labels]);
            }

            yield return part.Length;
        }
    }

    /// <summary>Writes a host's figures.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="samples">The counters, and labels such as the node's name.</param>
    public static void WriteNodes(
        IMetricWriter writer, IReadOnlyCollection<(NodeSample Sample, (string Name, string Value)[] Labels)> samples)
    {
        Write("node_load1", "Load average over one minute.", sample => sample.Load1);
        Write("node_memory_MemTotal_bytes", "Memory of the host.", sample => sample.MemoryTotalBytes);
        Write(
            "node_memory_MemAvailable_bytes",
            "Memory that is there without swapping.",
            sample => sample.MemoryTotalBytes - sample.MemoryUsedBytes);
        Write("node_filesystem_size_bytes", "Size of the file system that holds the engine's data.", sample => sample.DiskTotalBytes);
        Write(
            "node_filesystem_avail_bytes",
            "Bytes left on the file system that holds the engine's data.",
            sample => sample.DiskTotalBytes - sample.DiskUsedBytes);

        void Write(string name, string help, Func<NodeSample, double> value)
        {
            writer.Family(name, MetricType.Gauge, help);
            foreach (var (sample, labels) in samples)
            {
                writer.Sample(value(sample), labels);
            }
        }
    }
}
