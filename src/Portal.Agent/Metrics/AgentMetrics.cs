using Portal.Agent.Telemetry;
using Portal.Contracts.Hubs;
using Portal.Contracts.Metrics;

namespace Portal.Agent.Metrics;

/// <summary>The figures of this host, its engine and its containers.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AgentMetrics(TelemetrySources sources)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var writer = new ExpositionWriter();
        await WriteAsync(writer, cancellationToken).ConfigureAwait(false);
        return writer.ToBytes();
    }

    public async Task WriteAsync(IMetricWriter writer, CancellationToken cancellationToken)
    {
        var (facts, _) = await sources.Description.ReadAsync(cancellationToken).ConfigureAwait(false);
        var containers = (await sources.Containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false))
            .Select(container => TelemetryMapping.ToView(container, 1024)).ToDictionary(container => container.Id);
        var samples = await ReadSamplesAsync(cancellationToken).ConfigureAwait(false);

        ContainerMetrics.WriteNodes(writer, [(TelemetryMapping.ToSample(sources.StatsReader.ReadHost()), [])]);
        ProcessorMetrics.Write(writer, "/proc/stat");
        WriteEngine(writer, facts, containers.Values);
        ContainerMetrics.WriteStates(writer, [.. containers.Values.Select(container => (container, Array.Empty<(string, string)>()))]);
        ContainerMetrics.Write(
            writer,
            [
                .. samples.Where(sample => containers.ContainsKey(sample.ContainerId))
                    .Select(sample => (containers[sample.ContainerId], sample, Array.Empty<(string, string)>())),
            ]);
        ProcessMetrics.Write(writer);
    }

    // The first round comes at once.
    private async Task<IReadOnlyList<StatsSample>> ReadSamplesAsync(CancellationToken cancellationToken)
    {
        await foreach (var round in sources.Stats.WatchAllAsync(s_interval, cancellationToken).ConfigureAwait(false))
        {
            return [.. round.Select(TelemetryMapping.ToSample)];
        }

        return [];
    }

    // dockerd's names, so that its dashboards go on.
    private static void WriteEngine(IMetricWriter writer, NodeFacts facts, IReadOnlyCollection<ContainerView> containers)
    {
        writer.Family("engine_daemon_engine_info", MetricType.Gauge, "The engine and the host that it runs on.");
        writer.Sample(
            1,
            ("version", facts.AgentVersion),
            ("architecture", facts.Architecture),
            ("kernel", facts.KernelVersion),
            ("os", facts.OperatingSystem),
            ("runtime", facts.Runtime));
        writer.Family("engine_daemon_engine_cpus_cpus", MetricType.Gauge, "Processors of the host.");
        writer.Sample(facts.Cpus);
        writer.Family("engine_daemon_engine_memory_bytes", MetricType.Gauge, "Memory of the host.");
        writer.Sample(facts.MemoryBytes);
        writer.Family("engine_daemon_container_states_containers", MetricType.Gauge, "Containers by state.");
        var paused = containers.Count(container => container.State == "paused");
        var running = containers.Count(container => container.State is "running" or "restarting");
        writer.Sample(paused, ("state", "paused"));
        writer.Sample(running, ("state", "running"));
        writer.Sample(containers.Count - paused - running, ("state", "stopped"));
        if (facts.BootedAt is { } booted)
        {
            writer.Family("node_boot_time_seconds", MetricType.Gauge, "When the host was booted, in seconds since 1970.");
            writer.Sample(booted.ToUnixTimeSeconds());
        }
    }
}
